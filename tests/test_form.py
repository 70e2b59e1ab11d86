"""Tell a page which fields a program needs."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from vizgraph import engine, language
from vizgraph.form import form, written


def fields(source: str, values: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    run = engine.run(language.parse(source), values, options.get("requires_grad"), options.get("gradient"))
    return form(run, values or {}, options.get("requires_grad"))


def test_every_free_name_has_a_field_with_what_was_typed_or_guessed() -> None:
    inputs = fields("z = x1 * x.sum() + k", {"x": "[1, 2/1, 3.5]", "k": [1, 2]})["inputs"]
    assert [(one["name"], one["text"], one["default"], one["shape"]) for one in inputs] == [
        ("x1", "1", "1", []),
        ("x", "[1, 2/1, 3.5]", "[1, 2, 3]", [3]),
        ("k", "[1, 2]", "3", [2]),
    ]
    assert all(one["requires_grad"] for one in inputs)


def test_the_switches_show_which_names_are_leaves() -> None:
    inputs = fields("z = a*b", {}, requires_grad=["b"])["inputs"]
    assert {one["name"]: one["requires_grad"] for one in inputs} == {"a": False, "b": True}


def test_outputs_tell_their_shape_ones_and_the_seed_that_was_used() -> None:
    outputs = fields("u = x.sum()\nz = x*x", {"x": [1, 2]}, gradient=[0.1, [1, 10]])["outputs"]
    assert [(one["name"], one["shape"], one["ones"], one["seed"], one["line"]) for one in outputs] == [
        ("u", [], "1", "0.1", None),
        ("z", [2], "[1, 1]", "[1, 10]", None),
    ]


def test_a_program_that_calls_backward_itself_says_where() -> None:
    told = fields(
        "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * x\ny.backward(torch.tensor([0.5, 1.0]))"
    )
    assert told["own_backward"] is True
    (output,) = told["outputs"]
    assert (output["name"], output["seed"], output["line"]) == ("y", "[0.5, 1]", 4)
    assert told["inputs"] == []


def test_a_program_that_failed_before_its_backward_has_fields_and_an_error() -> None:
    told = fields("z = x + torch.ones(2)", {"x": [1, 2, 3]})
    assert told["outputs"] == []
    assert told["error"]["line"] == 1
    assert [one["name"] for one in told["inputs"]] == ["x"]


def test_a_matrix_seed_is_written_row_by_row() -> None:
    (output,) = fields("z = W * 2", {"W": [[1, 2], [3, 4]]}, gradient=[[1, 0], [0, 0.25]])["outputs"]
    assert (output["ones"], output["seed"]) == ("[[1, 1], [1, 1]]", "[[1, 0], [0, 0.25]]")


@pytest.mark.parametrize("number", [0.1, -2.5, 1e-9, 123456.7, 3.0, 1e20, float("inf"), float("-inf"), float("nan")])
def test_a_written_number_is_the_same_float32_when_it_is_read_again(number: float) -> None:
    exact = torch.tensor(number).item()
    again = torch.tensor(language.read_value(written(exact)), dtype=torch.float32)
    assert torch.equal(again.nan_to_num(7.0), torch.tensor(exact).nan_to_num(7.0))


def test_nested_values_are_written_as_lists() -> None:
    assert written(((1, 2.5), (3, -4))) == "[[1, 2.5], [3, -4]]"
    assert written(()) == "[]"


def test_an_output_has_the_name_under_which_it_ends_and_takes_its_upstream_gradient_by_it() -> None:
    outputs = fields("a = x*2\ny1 = x*3\ny2 = a", {"x": 1}, gradient={"y1": 1, "y2": 5})["outputs"]
    assert [(one["name"], one["seed"]) for one in outputs] == [("y1", "1"), ("y2", "5")]
    assert [one["name"] for one in fields("y = x", {"x": 1}, gradient={"x": 2})["outputs"]] == ["x"]


def test_an_empty_output_has_empty_fields() -> None:
    (output,) = fields("z = x + w", {"x": [1], "w": [[]]})["outputs"]
    assert (output["shape"], output["ones"], output["seed"]) == ([1, 0], "[[]]", "[[]]")
