"""Hold the page to its promise: an error is explained beside the program, and one click mends it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.page import params, payload, trouble, visit

HEAD = "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"


pytestmark = pytest.mark.usefixtures("engine")


def apply(at: AppTest) -> AppTest:
    return at.button(key="fix 0 0").click().run()


def lit(at: AppTest, view: str = "math") -> list[str]:
    shown = payload(at)["views"][view]
    return shown["beats"][-1]["nodes"]


FAILING = {
    "no gradient": (f"{HEAD}y = x * x\ny.backward()\n", "y.backward(torch.ones_like(y))"),
    "another shape": (f"{HEAD}y = x * x\ny.backward(torch.ones(2))\n", "y.backward(torch.ones_like(y))"),
    "second pass": (f"{HEAD}y = (x * x).sum()\ny.backward()\ny.backward()\n", "y.backward(retain_graph=True)"),
    "integers": (
        "import torch\nx = torch.tensor([1, 2], requires_grad=True)\nx.sum().backward()\n",
        "x = torch.tensor([1.0, 2.0], requires_grad=True)",
    ),
    "in place on a leaf": (f"{HEAD}x += 1\nx.sum().backward()\n", "x = x + 1"),
    "rewritten": (f"{HEAD}y = x.exp()\ny += 1\ny.sum().backward()\n", "y = y + 1"),
    "no leaf": (
        "import torch\nx = torch.ones(2)\nx.sum().backward()\n",
        "x = torch.ones(2, requires_grad=True)",
    ),
    "product": (f"{HEAD}y = torch.ones(3, 2) @ x\ny.sum().backward()\n", "y = torch.ones(3, 2).T @ x"),
    "unknown name": (f"{HEAD}loss = x.sum()\nlss.backward()\n", "loss.backward()"),
    "kinds of numbers": (
        f"{HEAD}A = torch.ones(2, 3).double()\ny = A @ x\ny.sum().backward()\n",
        "y = A @ x.double()",
    ),
    "device": (f'{HEAD}y = x.to("cuda")\ny.sum().backward()\n', 'y = x.to("cpu")'),
}


@pytest.mark.parametrize(("program", "line"), FAILING.values(), ids=FAILING.keys())
def test_one_click_mends_the_program(program: str, line: str) -> None:
    at = visit(program=program)
    assert trouble(at)
    assert line in [code.value for code in at.code]
    apply(at)
    assert not trouble(at)
    assert at.text_area(key="functions").value in (params(at)["program"], params(at)["program"] + "\n")
    assert line in at.text_area(key="functions").value
    assert not at.exception
    assert not [button for button in at.button if button.key.startswith("fix")]


def test_the_failing_node_is_lit_in_the_graph_that_exists_so_far() -> None:
    at = visit(program=f"{HEAD}y = x.exp()\nz = y * 2\ny += 1\nz.sum().backward()\n")
    assert lit(at) == lit(at, "engine") == ["exp_1", "add_1"]
    shown = payload(at)
    assert shown["step"] == len(shown["views"]["math"]["beats"]) - 1
    assert shown["views"]["math"]["svg"].count("is-faulty") == 2
    assert any("line 3" in text.value and "line 5" in text.value for text in at.text)


def test_two_readings_of_a_line_are_two_buttons() -> None:
    at = visit(program="y = 1/2x")
    assert "two ways" in trouble(at)
    assert [code.value for code in at.code][:2] == ["y = 1/(2*x)", "y = (1/2)*x"]
    at.button(key="fix 0 1").click().run()
    assert not trouble(at)
    assert params(at)["program"].strip() == "y = (1/2)*x"
    assert payload(at)["views"]["math"]["nodes"]


def test_a_nan_is_told_and_mended_though_the_program_runs() -> None:
    at = visit(program="y = x*log(x)", values="x~0")
    assert not trouble(at)
    assert any("NaN made here: x*log(x)" in text.value for text in at.text)
    apply(at)
    assert not any("NaN made here" in text.value for text in at.text)
    assert params(at)["program"].strip() == "y = x*log(x.clamp(min=1e-6))"


def test_a_program_that_was_changed_meanwhile_is_left_alone() -> None:
    at = visit(program=f"{HEAD}y = x * x\ny.backward()\n")
    at.text_area(key="functions").set_value("y = a*b")
    at.button(key="fix 0 0").click().run()
    assert at.text_area(key="functions").value == "y = a*b"
    assert not trouble(at)


def test_a_program_in_a_box_with_empty_first_lines_is_mended_in_the_right_line() -> None:
    at = visit(program="\n\nimport torch\nx = torch.ones(2, requires_grad=True)\n(x * 2).backward()\n")
    assert trouble(at).startswith("Line 3,")
    assert any("3 | (x * 2).backward()" in code.value for code in at.code)
    apply(at)
    assert not trouble(at)
