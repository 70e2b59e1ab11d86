"""The board of every lesson, and of programs that are too large, too strange or hostile for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from tests.calculus.test_lessons import BY_STEPS
from vizgraph import visualize
from vizgraph.lessons import Lesson, lesson, lessons
from vizgraph.model import Tree
from vizgraph.notation import mathml

DERIVED = [one for one in lessons() if "error" not in one.expect]


def board_of(one: Lesson) -> dict[str, Any]:
    return visualize(one.program, values=one.values, requires_grad=one.requires_grad, gradient=one.gradient).board


def board(source: str, **more: Any) -> dict[str, Any]:
    return visualize(source, **more).board


def blocks(found: dict[str, Any], id: str) -> list[dict[str, Any]]:
    return next((section["blocks"] for section in found["sections"] if section["id"] == id), [])


def latex(found: dict[str, Any], id: str) -> str:
    return "\n".join(block.get("latex", "") for block in blocks(found, id))


def trees(found: dict[str, Any]) -> Iterator[Tree]:
    for section in found["sections"]:
        for block in section["blocks"]:
            yield from (tree for line in block.get("lines", ()) for tree in line if tree is not None)
            yield from (row["subject"] for row in block.get("rows", ()) if isinstance(row, dict))


def parts(tree: Tree) -> Iterator[Tree]:
    yield tree
    if not isinstance(tree, str):
        for part in tree[1:]:
            yield from parts(part)


@pytest.mark.parametrize("one", DERIVED, ids=lambda one: one.id)
def test_every_lesson_shows_its_derivation_and_checks_that_agree(one: Lesson) -> None:
    found = board_of(one)
    assert bool(found["note"]) == (one.id in BY_STEPS)
    sections = [section["id"] for section in found["sections"] if section["id"] != "second"]
    assert sections == ["functions", "chain", "product", "steps", "checks"]
    said, table = blocks(found, "checks")
    assert said["state"] == "good"
    assert all(row["state"] == "good" and row["symbolic"] and row["finite"] for row in table["rows"])
    assert sum(len(block.get("latex", "")) for section in found["sections"] for block in section["blocks"]) <= 20_000


@pytest.mark.parametrize("one", lessons(), ids=lambda one: one.id)
def test_every_board_is_json_of_known_tags_and_picks(one: Lesson) -> None:
    found = board_of(one)
    json.dumps(found, allow_nan=False)
    edges = {view: wires["edges"] for view, wires in found["wires"].items()}
    for pick in found["picks"].values():
        assert all(set(way) <= edges[view].keys() for view, way in found["ways"][pick["way"]].items())
    for tree in trees(found):
        for part in parts(tree):
            if not isinstance(part, str):
                assert part[0] in mathml.TAGS
                if part[0] == "pick":
                    assert part[1] in found["picks"]


@pytest.mark.parametrize("one", lessons(), ids=lambda one: one.id)
def test_every_exported_lesson_stays_small(one: Lesson) -> None:
    picture = visualize(one.program, values=one.values, requires_grad=one.requires_grad, gradient=one.gradient)
    assert len(picture.html().encode()) < 300_000


def test_the_seed_lesson_reads_as_on_a_blackboard() -> None:
    one = lesson("unknown_outer_function_math")
    assert one is not None
    found = board_of(one)
    assert "y_{1} &= x_{1} x_{2} x_{3}" in latex(found, "functions")
    chain = latex(found, "chain")
    assert (
        r"\frac{\partial A}{\partial x_{1}} &= "
        r"\frac{\partial A}{\partial y_{1}} \cdot \frac{\partial y_{1}}{\partial x_{1}} + "
        r"\frac{\partial A}{\partial y_{2}} \cdot \frac{\partial y_{2}}{\partial x_{1}} + "
        r"\frac{\partial A}{\partial y_{3}} \cdot \frac{\partial y_{3}}{\partial x_{1}}"
    ) in chain
    assert r"&= 0.1 \cdot x_{2} x_{3} + 0.2 \cdot 1 + 0.3 \cdot 1" in chain
    assert r"&= 0.1 \cdot 6 + 0.2 \cdot 1 + 0.3 \cdot 1" in chain
    assert "&= 1.1" in chain
    product = latex(found, "product")
    assert (
        r"\begin{bmatrix} x_{2} x_{3} & x_{1} x_{3} & x_{1} x_{2} \\ 1 & 1 & 1 \\ 1 & x_{3} & x_{2} \end{bmatrix}"
        in product
    )
    assert r"\begin{bmatrix} 1.1 & 1.4 & 1 \end{bmatrix}" in product


def test_a_chain_of_named_values_is_a_product_of_their_derivatives() -> None:
    one = lesson("linear_regression")
    assert one is not None
    chain = latex(board_of(one), "chain")
    assert r"\frac{d z}{d w} &= \frac{d z}{d b} \cdot \frac{d b}{d a} \cdot \frac{d a}{d w}" in chain
    assert r"&= 2 b \cdot 1 \cdot x^{\top}" in chain


def test_paths_that_meet_are_a_sum_of_products() -> None:
    one = lesson("two_paths")
    assert one is not None
    found = board_of(one)
    assert (
        r"\frac{\partial e}{\partial b} &= \frac{\partial e}{\partial c} \cdot \frac{\partial c}{\partial b} + "
        r"\frac{\partial e}{\partial d} \cdot \frac{\partial d}{\partial b}"
    ) in latex(found, "chain")
    ways = [set(found["ways"][found["picks"][key]["way"]]["math"]) for key in ("pb.1", "pb.2")]
    assert ways == [{"b__add_1__1", "add_1__mul_1__0"}, {"b__add_2__0", "add_2__mul_1__1"}]


def test_every_layout_writes_its_shapes() -> None:
    one = lesson("jacobian_of_Ax")
    assert one is not None
    shown = {block["layout"]: block["latex"] for block in blocks(board_of(one), "product")}
    assert r"\underset{\text{1×2}}" in shown["numerator"]
    assert r"\underset{\text{2×3}}" in shown["numerator"]
    assert r"\underset{\text{3×2}}" in shown["denominator"]
    assert r"A^{\top}" in shown["denominator"]
    assert r"\underset{\text{(3,)}}" in shown["torch"]
    assert r"x . \mathrm{grad}" in shown["torch"]


def test_one_output_has_its_hessian_by_a_second_backward_pass() -> None:
    one = lesson("matrix_identities")
    assert one is not None
    found = board_of(one)
    how, written, said = blocks(found, "second")
    assert "create_graph" in how["text"]
    assert r"\begin{bmatrix} 2 & 5 \\ 5 & 8 \end{bmatrix}" in written["latex"]  # A + Aᵀ
    plain = written["latex"].replace("{\\partial}", "\\partial")
    assert r"\frac{\partial^{2} z}{\partial x_{0} \partial x_{1}}" in plain
    assert said["state"] == "good"


@pytest.mark.parametrize(
    ("source", "defined"),
    [
        ("y = tanh(w*0 + x)*x", ["u_{1}", "u_{2}", "u_{3}"]),  # w*0 moves with nothing, and yet is read
        ("y = ((w*0)*0 + x)*x", ["u_{1}", "u_{2}", "u_{3}"]),
    ],
)
def test_every_letter_of_the_steps_has_a_line_that_defines_it(source: str, defined: list[str]) -> None:
    shown = latex(board(source, values={"w": 0.5, "x": 2.0}), "steps")
    for letter in defined:
        assert len(re.findall(rf"^{re.escape(letter)} =", shown.removeprefix("\\begin{aligned}\n"), re.MULTILINE)) == 1
    assert set(re.findall(r"u_\{\d\}", shown)) == set(defined)


CREATED = {  # what backward(create_graph=True) puts into .grad, and a scalar function of it; x = (1.5, -2)
    "y = (x**3).sum()\ny.backward(create_graph=True)\nz = (x.grad**2).sum()": lambda x: (9 * x**4).sum(),
    "y = x.prod()\ny.backward(create_graph=True)\ng = x.grad\nz = g.sum() * y": lambda x: x.sum() * x.prod(),
    "y = x.sin()\ny.backward(torch.tensor([2.0, 3.0]), create_graph=True)\nz = x.grad.sum()": (
        lambda x: (torch.tensor([2.0, 3.0]) * x.cos()).sum()
    ),
}


@pytest.mark.parametrize("made", CREATED)
def test_a_grad_that_has_a_graph_of_its_own_is_a_formula(made: str) -> None:
    start = "import torch\nx = torch.tensor([1.5, -2.0], requires_grad=True)\n"
    found = board(f"{start}{made}\nx.grad = None\nz.backward()")
    expected = torch.autograd.functional.jacobian(CREATED[made], torch.tensor([1.5, -2.0]))
    assert found["note"] is None
    assert found["numbers"]["jacobian"][0] == pytest.approx(expected.tolist())
    said, table = blocks(found, "checks")
    assert said["state"] == "good"
    assert [row["state"] for row in table["rows"]] == ["good", "good"]
    assert all(float(row["symbolic"]) == pytest.approx(one) for row, one in zip(table["rows"], expected, strict=True))


def test_a_grad_that_two_passes_made_has_numbers_only() -> None:
    start = "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = x**3\n"
    found = board(f"{start}y.backward(create_graph=True)\n(x**2).backward(create_graph=True)\n(x.grad**2).backward()")
    assert "no formula" in found["note"]


def test_several_outputs_have_no_hessian() -> None:
    assert blocks(board("y = A @ x", values={"A": [[1, 2], [3, 4]], "x": [1, 2]}), "second") == []


def test_a_large_jacobian_is_a_picture() -> None:
    found = board("y = x*x", values={"x": list(range(12))}, gradient=[1] * 12)
    heat = blocks(found, "product")[0]
    assert heat["kind"] == "heat"
    assert [heat["numbers"][i][i] for i in range(12)] == [2 * i for i in range(12)]
    assert heat["numbers"][0][5] == 0


def test_what_has_no_formula_keeps_its_numbers_and_says_so() -> None:
    found = board("y = lgamma(x)", values={"x": 2.5})
    assert "lgamma" in found["note"]
    row = blocks(found, "checks")[1]["rows"][0]
    assert row["symbolic"] is None
    assert row["finite"] is not None
    assert row["state"] == "good"  # autograd and the finite difference agree


def test_a_kink_is_said_and_no_green() -> None:
    found = board("y = abs(x)", values={"x": 0})
    said, table = blocks(found, "checks")
    assert (said["state"], table["rows"][0]["state"]) == ("open", "open")
    assert "kink" in table["rows"][0]["reason"]


def test_what_is_random_has_no_finite_difference_and_says_why() -> None:
    source = (
        "import torch\ntorch.manual_seed(0)\nx = torch.ones(4, requires_grad=True)\n"
        "z = torch.nn.functional.dropout(x, 0.5).sum()\nz.backward()"
    )
    rows = blocks(board(source), "checks")[1]["rows"]
    assert all(row["finite"] is None and row["state"] == "open" for row in rows)


def test_without_a_backward_pass_there_is_only_the_reason() -> None:
    one = lesson("no_gradient_argument")
    assert one is not None
    found = board_of(one)
    assert found["sections"] == []
    assert found["note"]


@pytest.mark.parametrize("name", ["lambda_", "E", "I", "S", "N", "beta", "pi2", "oo", "zoo", "exp1"])
def test_a_name_is_a_symbol_and_nothing_of_sympy(name: str) -> None:
    found = board(f"y = {name}**2 + 1", values={name: 3})
    assert blocks(found, "checks")[0]["state"] == "good"
    assert blocks(found, "checks")[1]["rows"][0]["symbolic"] == "6"


def test_live_tensors_have_numbers_only() -> None:
    import torch

    from vizgraph import trace

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    found = trace((x * x).sum(), names={"x": x}).board
    assert found["note"]
    json.dumps(found, allow_nan=False)
