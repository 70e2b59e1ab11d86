"""Give one result in every format."""

from __future__ import annotations

import base64
import functools
import json
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
import torch
from torch import nn

import vizgraph
from vizgraph.drawing.pictures import Made
from vizgraph.errors import VizgraphError
from vizgraph.visualization import SUFFIXES, Visualization


@pytest.fixture(scope="module")
def picture() -> Visualization:
    return vizgraph.visualize("y = x1*x2*x3", values={"x1": 1, "x2": 2, "x3": 3}, gradient=0.1)


@pytest.mark.parametrize("view", ["math", "engine"])
def test_the_svg_is_well_formed_and_has_every_node(picture: Visualization, view: str) -> None:
    tree = ElementTree.fromstring(picture.svg(view))
    drawn = {element.get("data-node") for element in tree.iter() if element.get("data-node")}
    assert drawn == {node.id for node in picture.views[view].graph.nodes}


@pytest.mark.parametrize("view", ["math", "engine"])
def test_the_dot_names_every_node(picture: Visualization, view: str) -> None:
    assert picture.dot(view).startswith("digraph")
    assert all(node.id in picture.dot(view) for node in picture.views[view].graph.nodes)


def test_the_page_stands_alone(picture: Visualization) -> None:
    page = picture.html()
    assert page.lower().startswith("<!doctype html>")
    assert not re.search(r"""(?:src|href)\s*=\s*["']?https?:""", page)
    assert len(page.encode()) < 300_000


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_has_the_format_that_its_name_says(picture: Visualization, suffix: str, tmp_path: Path) -> None:
    path = picture.save(tmp_path / f"picture{suffix.upper() if suffix == '.svg' else suffix}")
    text = path.read_text(encoding="utf-8")
    match suffix:
        case ".json":
            assert json.loads(text) == json.loads(json.dumps(picture.to_dict()))
        case ".svg":
            assert text == picture.svg()
        case ".dot":
            assert text == picture.dot()
        case _:
            assert text == picture.html()
    assert b"\r\n" not in path.read_bytes()


def test_another_suffix_is_refused(picture: Visualization, tmp_path: Path) -> None:
    with pytest.raises(VizgraphError, match=r"picture.png must end in one of .json .svg .dot .html"):
        picture.save(tmp_path / "picture.png")
    assert list(tmp_path.iterdir()) == []


def test_a_view_that_does_not_exist_is_refused(picture: Visualization) -> None:
    for give in (picture.dot, picture.svg, picture.html, picture.payload):
        with pytest.raises(VizgraphError, match="there is no view 'both'"):
            give("both")


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(picture: Visualization) -> None:
    frame = picture._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts"')
    assert "<script" not in frame


def test_where_a_notebook_does_not_let_it_play_a_small_picture_stands_instead(picture: Visualization) -> None:
    inside = picture._repr_html_().rpartition("'>")[2]
    assert inside.startswith("<p>Here the backward pass does not play.")
    still = re.search(r'<img alt="vizgraph" src="data:image/svg\+xml;base64,([^"]+)">', inside)
    assert still
    assert base64.b64decode(still[1]).decode() == picture.svg()
    large = vizgraph.visualize("y = x\nfor i in range(49):\n    y = y * x", values={"x": 1.01})
    assert "<img" not in large._repr_html_()


def test_what_cannot_be_dragged_says_why() -> None:
    """Of a traced program nothing can be run again; what vizgraph runs may be too large, or stop."""
    weight = torch.tensor([1.0, 2.0], requires_grad=True)
    traced = vizgraph.trace((weight**2).sum()).payload()["words"]["player.v.fixed"]
    ours = vizgraph.visualize("y = x*x", values={"x": 3}).payload()["words"]["player.v.fixed"]
    stopped = vizgraph.visualize("import torch\nx = torch.ones(2, requires_grad=True)\n(x * x).backward()")
    assert "trace again" in traced
    assert "too many entries" in ours
    assert "stopped at an error" in stopped.payload()["words"]["player.v.fixed"]


def test_its_text_says_what_it_holds(picture: Visualization) -> None:
    assert repr(picture) == "<vizgraph: 5 nodes, 4 edges, 1 passes>"
    failed = vizgraph.visualize("import torch\nx = torch.ones(2, requires_grad=True)\n(x * x).backward()")
    assert "error: grad can be implicitly created only for scalar outputs" in repr(failed)


def test_a_failed_program_has_every_format_too() -> None:
    failed = vizgraph.visualize("import torch\nx = torch.ones(2, requires_grad=True)\ny = x * x\nz = y + torch.ones(3)")
    for view in ("math", "engine"):
        ElementTree.fromstring(failed.svg(view))
        assert failed.dot(view)
    assert failed.to_dict()["error"]["line"] == 4
    assert failed.html()


def test_show_opens_a_file_in_the_browser_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser is a real program here, one that notes what it was asked for."""
    noted = tmp_path / "noted"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > {noted}\n')
    script.chmod(0o755)
    code = "import vizgraph; print(vizgraph.visualize('y = x*x', values={'x': 3}).show())"
    environment = {**os.environ, "BROWSER": f"{script} %s", "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    file = Path(done.stdout.strip())
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert noted.read_text() == file.as_uri()


SAVED = """
for suffix in ("html", "svg", "dot", "json"):
    picture.save(f"{sys.argv[1]}.{suffix}")
"""
SEEDED = {  # a model and a program, both large enough to be drawn as groups
    "trace": """
import sys, torch, vizgraph
torch.manual_seed(7)
model = torch.nn.Sequential(*(layer for _ in range(40) for layer in (torch.nn.Linear(3, 3), torch.nn.Tanh())))
picture = vizgraph.trace(model(torch.randn(2, 3)).sum(), names=model)
""",
    "visualize": """
import sys, vizgraph
from vizgraph.lessons import lesson
picture = vizgraph.visualize(lesson("tiny_gpt").program)
""",
}


@pytest.mark.parametrize("made", SEEDED)
def test_two_processes_give_the_same_bytes_in_every_format(made: str, tmp_path: Path) -> None:
    """The two processes hash texts differently."""
    for name, seed in (("one", "1"), ("other", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", SEEDED[made] + SAVED, str(tmp_path / name)]
        subprocess.run(command, env=environment, check=True)
    for suffix in ("html", "svg", "dot", "json"):
        one, other = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in ("one", "other"))
        assert one == other, suffix
    assert b"vg-group" in (tmp_path / "one.svg").read_bytes()


def test_the_files_of_a_large_graph_hold_no_blanks_and_nothing_twice(tmp_path: Path) -> None:
    x = torch.ones(2, requires_grad=True)
    y = x
    for _ in range(1_000):
        y = y * 1.01
    large = vizgraph.trace(y.sum(), names={"x": x})
    text = large.save(tmp_path / "large.json").read_text(encoding="utf-8")
    assert json.loads(text) == large.to_dict()
    assert text.count("\n") == 1
    page = large.html()
    held = re.search(r'<script type="text/plain" id="payload">([^<]+)<', page)
    assert held is not None
    payload = json.loads(zlib.decompress(base64.b64decode(held[1])))
    assert payload["views"] == large.payload()["views"]
    assert "board" not in payload  # of live code there is nothing to derive, and nothing is said about it
    assert len(held[1]) < 0.9 * len(json.dumps(payload))  # of which the insides are deflated already


def test_fifty_recorded_nodes_in_a_notebook_take_at_most_300_kilobytes() -> None:
    torch.manual_seed(0)
    layers = (layer for _ in range(6) for layer in (nn.Linear(8, 8), nn.LayerNorm(8), nn.ReLU()))
    model = nn.Sequential(*layers)
    with vizgraph.record(model) as recording:
        loss = model(torch.randn(4, 8)).square().mean()
    shown = recording.trace(loss)
    assert len(shown.views["engine"].graph.nodes) >= 50
    assert len(shown._repr_html_().encode()) <= 300_000


def test_fifty_nodes_in_a_notebook_take_at_most_300_kilobytes() -> None:
    source = "y = x\nfor i in range(49):\n    y = y * x"
    shown = vizgraph.visualize(source, values={"x": 1.01})
    assert len(shown.views["math"].graph.nodes) == 50
    assert len(shown._repr_html_().encode()) <= 300_000


def test_what_is_not_asked_for_is_not_made() -> None:
    asked: list[str] = []

    def make(name: str) -> str:
        asked.append(name)
        return name.upper()

    made = Made({name: functools.partial(make, name) for name in ("math", "engine")})
    assert list(made) == ["math", "engine"]
    assert asked == []
    assert (made["engine"], made["engine"]) == ("ENGINE", "ENGINE")
    assert asked == ["engine"]


def test_only_one_view_is_told_where_only_one_is_drawn() -> None:
    shown = vizgraph.visualize("y = x1*x2", values={"x1": 2, "x2": 3})
    shown.svg("engine")
    assert "findings" not in shown.__dict__
    assert "board" not in shown.__dict__
    assert "derivation" not in shown.__dict__
