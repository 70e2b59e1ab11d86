"""The command line: formats, refusals in one line, and no traceback whatever happens."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from vizgraph import cli

ROOT = Path(__file__).parent.parent
FUNCTIONS = "y1 = x1*x2*x3\ny2 = x1 + x2 + x3\ny3 = x1 + x2*x3\n"
VALUES = ["--values", '{"x1": 1, "x2": 2, "x3": 3}']
GRADIENT = ["--gradient", "[0.1, 0.2, 0.3]"]
WRITES = "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = torch.zeros(2)\ny[0] = x*x\ny[1] = x\n"


@pytest.fixture
def functions(tmp_path: Path) -> str:
    path = tmp_path / "functions.py"
    path.write_text(FUNCTIONS, encoding="utf-8")
    return str(path)


def write(tmp_path: Path, source: str) -> str:
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    return str(path)


def vizgraph(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vizgraph", *arguments], cwd=ROOT, input=given, capture_output=True, text=True
    )


def grads(data: dict[str, Any]) -> dict[str, float]:
    return {name: round(leaf["grad"]["entries"][0], 5) for name, leaf in data["leaves"].items() if leaf["grad"]}


def one_line(text: str) -> str:
    assert text.startswith("vizgraph: "), text
    assert text.endswith("\n"), text
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


# --- formats ----------------------------------------------------------------


def test_json_goes_to_standard_output(functions: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["trace", functions, *VALUES, *GRADIENT]) == 0
    written, complained = capfdbinary.readouterr()
    data = json.loads(written)
    assert complained == b""
    assert data["vizgraph"] == 1
    assert data["error"] is None
    assert grads(data) == {"x1": 1.1, "x2": 1.4, "x3": 1.0}


def test_a_program_is_read_from_standard_input() -> None:
    result = vizgraph("trace", "-", *VALUES, *GRADIENT, "-o", "-", given=FUNCTIONS)
    assert (result.returncode, result.stderr) == (0, "")
    assert grads(json.loads(result.stdout)) == {"x1": 1.1, "x2": 1.4, "x3": 1.0}


def test_the_names_that_require_grad_can_be_chosen(functions: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert cli.main(["trace", functions, *VALUES, *GRADIENT, "--requires-grad", "x1, x3", "-o", str(out)]) == 0
    assert grads(json.loads(out.read_text())) == {"x1": 1.1, "x3": 1.0}


def test_svg_shows_the_view_that_was_asked_for(tmp_path: Path) -> None:
    program, shown = write(tmp_path, WRITES), {}
    for view in ("math", "engine"):
        out = tmp_path / f"{view}.svg"
        assert cli.main(["trace", program, "--view", view, "-o", str(out)]) == 0
        root = ET.fromstring(out.read_text(encoding="utf-8"))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        shown[view] = "".join(root.itertext())
    assert "CopySlices" in shown["engine"]
    assert "CopySlices" not in shown["math"]


def test_dot_shows_the_view_that_was_asked_for(tmp_path: Path) -> None:
    program, shown = write(tmp_path, WRITES), {}
    for view in ("math", "engine"):
        out = tmp_path / f"{view}.dot"
        assert cli.main(["trace", program, "--view", view, "-o", str(out)]) == 0
        shown[view] = out.read_text(encoding="utf-8")
        assert shown[view].startswith("digraph")
    assert "CopySlices" in shown["engine"]
    assert "CopySlices" not in shown["math"]


def test_html_stands_alone_and_is_small(functions: str, tmp_path: Path) -> None:
    out = tmp_path / "out.HTML"
    assert cli.main(["trace", functions, *VALUES, *GRADIENT, "-o", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert len(page.encode()) < 300_000
    fetched = re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|#)|@import|url\(\s*["']?http""", page)
    assert fetched == []


def test_the_zygote_gives_the_same_as_this_process(functions: str, tmp_path: Path) -> None:
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    assert cli.main(["trace", functions, *VALUES, *GRADIENT, "-o", str(here)]) == 0
    assert cli.main(["trace", functions, *VALUES, *GRADIENT, "--isolated", "-o", str(there)]) == 0
    assert here.read_bytes() == there.read_bytes()


# --- what goes wrong --------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("import os\n", "line 1, column 8"),
        ("y = x\nz = y.untyped_storage()\n", "line 2, column 5"),
        ("y = x +\n", "line 1, column 8"),
        ("y = 1\nwhile True:\n    y = y + 1\n", "line 2, column 1"),
    ],
)
def test_a_refused_program_is_one_line_with_its_place(
    source: str, where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["trace", write(tmp_path, source)]) == 2
    written, complained = capsys.readouterr()
    assert written == ""
    assert one_line(complained).startswith(f"vizgraph: {where}: ")
    assert "; " in complained  # what to do follows what is wrong


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["trace", "nowhere.py"], "can't read nowhere.py: No such file or directory"),
        (["trace", "."], "can't read .: Is a directory"),
        (["trace", "p.py", "--values", "{x: 1}"], "{x: 1} is not JSON"),
        (["trace", "p.py", "--values", "[1]"], "[1] is not an object of names"),
        (["trace", "p.py", "--gradient", "[" * 100_000], "is not JSON"),
        (["trace", "p.py", "-o", "picture.png"], "picture.png must end in one of .json .svg .dot .html"),
        (["trace", "p.py", "--view", "both"], "invalid choice: 'both'"),
        (["trace"], "PROGRAM.py"),
        (["app", "--port", "http"], "invalid int value: 'http'"),
        (["dance"], "invalid choice: 'dance'"),
        ([], "trace | app"),
    ],
)
def test_a_wrong_command_is_one_line_without_a_place(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    written, complained = capsys.readouterr()
    assert written == ""
    assert said in one_line(complained)
    assert not complained.startswith("vizgraph: line")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "picture.py"
    path.write_bytes(b"\x89PNG\xff")
    assert cli.main(["trace", str(path)]) == 2
    assert "is not UTF-8 text" in one_line(capsys.readouterr().err)


def test_an_endless_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["trace", "/dev/zero"]) == 2
    one_line(capsys.readouterr().err)


def test_a_place_that_cannot_be_written_is_refused(
    functions: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["trace", functions, *VALUES, "-o", str(tmp_path / "nowhere" / "out.json")]) == 2
    assert "out.json: No such file or directory" in one_line(capsys.readouterr().err)


def test_a_program_that_fails_as_in_pytorch_still_gives_what_it_had(tmp_path: Path) -> None:
    source = "import torch\nx = torch.arange(4.0, requires_grad=True)\ny = x * x\ny.backward()\n"
    result = vizgraph("trace", write(tmp_path, source))
    data = json.loads(result.stdout)
    assert result.returncode == 0
    assert "grad can be implicitly created only for scalar outputs" in data["error"]["message"]
    assert data["error"]["line"] == 4
    assert data["views"]["engine"]["nodes"]
    assert one_line(result.stderr).startswith("vizgraph: line 4, column ")


def test_a_failure_of_ours_is_one_line_too(
    functions: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise LookupError("no such row\nin the table")

    monkeypatch.setattr("vizgraph.pipeline.visualize", fail)
    assert cli.main(["trace", functions]) == 1
    assert "LookupError: no such row in the table" in one_line(capsys.readouterr().err)


def test_a_reader_that_has_enough_ends_it_quietly(functions: str) -> None:
    command = [sys.executable, "-m", "vizgraph", "trace", functions, *VALUES]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


# --- what went wrong --------------------------------------------------------

BREAKS = "import torch\nx = torch.tensor([0.0, 4.0], requires_grad=True)\ny = x.sqrt()\ny.sum().backward()\n"


def test_findings_are_printed_in_place_of_json_and_beside_a_file(tmp_path: Path) -> None:
    program = write(tmp_path, BREAKS)
    shown = vizgraph("trace", program, "--findings")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("1 finding\n\nerror    line 3: The gradient of x[0] becomes inf in x.sqrt(): ")
    page = tmp_path / "page.html"
    assert vizgraph("trace", program, "--findings", "-o", str(page)).stdout == shown.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert vizgraph("trace", program, "--findings", "--language", "zh").stdout.startswith("1 处发现\n")
    assert json.loads(vizgraph("trace", program).stdout)["findings"][0]["sentence"] in " ".join(shown.stdout.split())


def test_a_program_whose_backward_fails_has_its_findings_and_its_error(tmp_path: Path) -> None:
    program = write(tmp_path, "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\ny.backward()\n")
    shown = vizgraph("trace", program, "--findings")
    assert shown.returncode == 0
    assert "error    line 4: The program stopped: grad can be implicitly created only for scalar" in shown.stdout
    one_line(shown.stderr)


# --- the page ---------------------------------------------------------------


def test_app_serves_the_page_on_the_port_that_was_asked_for(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "vizgraph", "app", "--port", str(port)]
    environment = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as page:
        try:
            assert page.stdout is not None
            address = next(found[0] for line in page.stdout if (found := re.search(r"http://\S+", line)))
            assert address == f"http://localhost:{port}"
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=10) as answer:
                assert answer.read() == b"ok"
        finally:
            page.send_signal(signal.SIGTERM)
            page.wait(20)
