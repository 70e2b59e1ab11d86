"""v stands at every output where a pass begins, entry by entry."""

from __future__ import annotations

from typing import Any

import vizgraph
from vizgraph.telling.seeds import Place, places


def stood(source: str, **given: Any) -> tuple[Place, ...]:
    return places(vizgraph.visualize(source, **given).views["math"])


def test_a_scalar_has_one_v_and_a_vector_one_for_each_entry() -> None:
    assert [place.labels for place in stood("y = 2 * x")] == [("v",)]
    assert [place.labels for place in stood("y = 2 * x", values={"x": [1, 2]})] == [("v[0]", "v[1]")]
    assert [place.labels[3] for place in stood("y = 2 * x", values={"x": [[1, 2], [3, 4]]})] == ["v[1, 1]"]


def test_scalar_outputs_share_one_v() -> None:
    found = stood("y1 = 2 * x\ny2 = 3 * x", gradient=[0.1, 0.25])
    assert [place.labels for place in found] == [("v[0]",), ("v[1]",)]
    assert [place.texts for place in found] == [((0, ("0.1",)),), ((0, ("0.25",)),)]
    assert [place.starts for place in found] == [((0, 0),), ((0, 1),)]


def test_outputs_of_other_shapes_are_told_by_name() -> None:
    found = stood("y = 2 * x\ns = x.sum()", values={"x": [1, 2]})
    assert [place.labels for place in found] == [("v y[0]", "v y[1]"), ("v s",)]


def test_a_large_v_stands_in_one_text() -> None:
    (found,) = stood("y = 2 * x", values={"x": [1.0] * 30})
    assert found.labels == ("v",)
    assert found.texts == ((0, ("[1, 1, 1, 1, 1, 1, 1, …, 1]",)),)


def test_several_passes_from_one_output_share_its_place() -> None:
    source = (
        "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = x * x\n"
        "y.backward(torch.tensor(1.0), retain_graph=True)\ny.backward(torch.tensor(5.0))"
    )
    (found,) = stood(source)
    assert found.texts == ((0, ("1",)), (1, ("5",)))


def test_a_program_without_a_pass_has_no_v() -> None:
    assert stood("import torch\nx = torch.ones(2)\nprint(x)") == ()
