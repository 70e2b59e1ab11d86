"""Hold the JSON to the contract: keys, kinds, numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch

import vizgraph
from vizgraph import report
from vizgraph.errors import VizgraphError
from vizgraph.lessons import lessons
from vizgraph.model import Fault, Span

TOP = {"vizgraph", "source", "printed", "error", "leaves", "views", "derivation", "checks", "warnings", "notices"}
NODE = {"id", "kind", "operation", "grad_fn", "name", "expression", "shape", "dtype", "value", "line"}
TENSOR = {"shape", "dtype", "entries", "minimum", "maximum", "norm", "finite"}


def data(source: str, **options: Any) -> dict[str, Any]:
    result = vizgraph.visualize(source, **options).to_dict()
    return json.loads(json.dumps(result, allow_nan=False))


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in lessons()])
def test_the_json_of_a_lesson_keeps_the_contract(one: Any) -> None:
    result = data(one.program, values=dict(one.values), requires_grad=one.requires_grad, gradient=one.gradient)
    assert result.keys() >= TOP
    assert result["vizgraph"] == 1
    assert result["source"] == one.program.strip("\n")
    for view in (result["views"]["engine"], result["views"]["math"]):
        ids = {node["id"] for node in view["nodes"]}
        assert len(ids) == len(view["nodes"])
        for node in view["nodes"]:
            assert node.keys() >= NODE
            assert node["kind"] in ("leaf", "operation", "constant", "cut", "output")
            assert node["value"] is None or node["value"].keys() >= TENSOR
        edges = {edge["id"]: edge for edge in view["edges"]}
        assert all({edge["source"], edge["target"]} <= ids for edge in edges.values())
        for one_pass in view["passes"]:
            assert {"line", "seeds", "steps", "gradients"} <= one_pass.keys()
            assert all(seed["node"] in ids for seed in one_pass["seeds"])
            for step in one_pass["steps"]:
                assert step["node"] in ids
                assert all(edges[c["edge"]]["target"] == step["node"] for c in step["contributions"])


def test_numbers_are_exact_and_flat_row_major() -> None:
    result = data(
        "import torch\nw = torch.tensor([[0.1, 2.0], [3.0, 4.0]], requires_grad=True)\n(w * w).sum().backward()"
    )
    w = torch.tensor([[0.1, 2.0], [3.0, 4.0]])
    assert result["leaves"]["w"]["value"]["entries"] == w.reshape(-1).tolist()
    assert result["leaves"]["w"]["value"]["shape"] == [2, 2]
    assert result["leaves"]["w"]["grad"]["entries"] == (2 * w).reshape(-1).tolist()
    assert result["views"]["engine"]["passes"][0]["gradients"]["w"]["entries"] == (2 * w).reshape(-1).tolist()


def test_numbers_that_json_lacks_are_strings() -> None:
    result = data("z = x / 0", values={"x": [1.0, 0.0, -1.0]})
    value = next(node["value"] for node in result["views"]["math"]["nodes"] if node["name"] == "z")
    assert value["entries"] == ["inf", "nan", "-inf"]
    assert value["finite"] is False


def test_an_error_has_message_line_column_and_hint() -> None:
    result = data("import torch\nx = torch.ones(2, requires_grad=True)\n(x * x).backward()")
    assert result["error"].keys() == {"message", "line", "column", "hint", "why", "node", "also", "fix", "fixes"}
    assert (result["error"]["line"], result["error"]["column"]) == (3, 1)
    assert result["leaves"]["x"]["grad"] is None
    assert [node["operation"] for node in result["views"]["engine"]["nodes"]] == ["leaf", "mul"]


def test_what_was_printed_stands_line_by_line() -> None:
    result = data("import torch\nprint('a', 1)\nprint('b\\nc')")
    assert result["printed"] == ["a 1", "b", "c"]


def test_a_refusal_keeps_its_place_on_the_way() -> None:
    error = VizgraphError("no", Span(2, 3, 2, 9), "do this")
    again = report.read_fault(report.fault(error))
    assert (again.message, again.hint) == ("no", "do this")
    assert (again.span.line, again.span.column) == (2, 3)
    nowhere = report.read_fault(report.fault(Fault("bad", None, None)))
    assert (nowhere.span, nowhere.hint) == (None, None)
