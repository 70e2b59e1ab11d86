"""Run the straight line: in this process, in a child, and stage by stage."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch

import vizgraph
from vizgraph import codec, pipeline
from vizgraph.errors import VizgraphError
from vizgraph.lessons import lessons
from vizgraph.model import Run

JOB: dict[str, Any] = {"source": "y = x1*x2", "values": {"x1": 2, "x2": 3}, "requires_grad": None, "gradient": None}


def stages(**changes: Any) -> dict[str, Any]:
    return dict(pipeline.stages({**JOB, "layout": "rows", **changes}))


def test_the_stages_come_in_the_wanted_order() -> None:
    wanted = ["derivation", "run", "player", "form"]
    assert list(stages(want=wanted)) == wanted
    assert list(stages()) == ["form", "player"]
    assert list(stages(want=["form", "unknown"])) == ["form"]


def test_every_stage_is_json() -> None:
    told = stages(want=["run", "form", "player", "derivation"])
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert codec.decode(Run, told["run"]).leaves[0].name == "x1"
    assert told["derivation"]["symbolic"] == [["x2", "x1"]]
    assert set(told["player"]["views"]) == {"math", "engine"}


@pytest.mark.parametrize(
    "job",
    [{"source": "y = x +"}, {"source": ""}, {"values": {"x1": "abc"}}, {"gradient": "[1, 2]"}, {"source": "import os"}],
    ids=str,
)
def test_a_refused_program_gives_that_one_stage(job: dict[str, Any]) -> None:
    told = stages(**job)
    assert list(told) == ["refused"]
    assert told["refused"].keys() >= {"message", "line", "column", "hint", "fix"}
    assert told["refused"]["message"]


def test_a_program_that_fails_as_pytorch_would_is_no_refusal() -> None:
    told = stages(source="y = x1 + torch.ones(2) + torch.ones(3)")
    assert told["form"]["error"]["line"] == 1
    assert "player" in told


@pytest.mark.parametrize("id", ["unknown_outer_function_math", "clear_then_sum", "no_gradient_argument", "blitz"])
def test_an_isolated_run_is_the_same_run(id: str) -> None:
    one = next(one for one in lessons() if one.id == id)
    given = {"values": dict(one.values), "requires_grad": one.requires_grad, "gradient": one.gradient}
    here = vizgraph.visualize(one.program, **given)
    there = vizgraph.visualize(one.program, isolated=True, **given)
    assert there.run == here.run
    assert there.to_dict() == here.to_dict()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("while True:\n    pass", "the program runs more than 50,000 steps"),
        ("y = torch.ones(10**10)", "ones would make a tensor of 10,000,000,000 numbers"),
        ("y = x.__class__.mro()", "not in the language"),
    ],
)
@pytest.mark.parametrize("isolated", [False, True])
def test_a_refusal_is_raised_with_its_place(source: str, message: str, isolated: bool) -> None:
    with pytest.raises(VizgraphError, match=message) as caught:
        vizgraph.visualize(source, values={"x": 1}, isolated=isolated)
    assert caught.value.span is not None
    assert caught.value.hint


def test_a_name_that_differs_in_its_case_from_a_value_is_taken_for_a_slip() -> None:
    with pytest.raises(VizgraphError, match="name 'X' is not defined") as caught:
        vizgraph.visualize("z = X*2", values={"x": [1, 2]})
    assert caught.value.hint == "did you mean x?"
    assert vizgraph.visualize("z = X*x", values={"x": 1, "X": 2}).run.error is None
    assert vizgraph.visualize("z = X*2", values={"w": 1}).run.error is None


def test_trace_names_leaves_after_the_variables_of_its_caller() -> None:
    weight = torch.tensor([1.0, 2.0], requires_grad=True)
    picture = vizgraph.trace((weight**2).sum())
    assert [one.name for one in picture.run.leaves] == ["weight"]
    assert weight.grad is None
    assert picture.to_dict()["source"] == ""


def test_singular_values_are_derived_though_autograd_counts_the_vectors_beside_them() -> None:
    source = "import torch\nA = torch.tensor([[3.0, 0.5], [1.0, 5.0]], requires_grad=True)\nS = torch.linalg.svdvals(A)"
    told = vizgraph.visualize(source).to_dict()
    leaf = torch.tensor([[3.0, 0.5], [1.0, 5.0]], requires_grad=True)
    rows = torch.autograd.functional.jacobian(torch.linalg.svdvals, leaf).reshape(2, 4)
    assert torch.allclose(torch.tensor(told["derivation"]["numeric"]), rows, atol=1e-5)
    assert told["checks"]


def test_an_empty_leaf_has_a_derivation_without_entries() -> None:
    told = vizgraph.visualize("y.sum().backward()", values={"y": []}).to_dict()
    assert told["error"] is None
    assert told["leaves"]["y"]["grad"]["entries"] == []
