"""What a pass stands on, and what it is called on a blackboard."""

from __future__ import annotations

from vizgraph import engine, language
from vizgraph.notation.plan import Plan, last_pass, plan


def planned(source: str, values: dict[str, object] | None = None) -> Plan:
    run = engine.run(language.parse(source), values)
    last = last_pass(run)
    assert last is not None
    found = plan(run, last.seeds)
    assert found is not None
    return found


def test_named_values_keep_their_names_and_others_get_letters_in_forward_order() -> None:
    found = planned("c = a*b\nd = sin(c*a) + b", {"a": 1, "b": 2})
    assert sorted(found.names.values()) == ["a", "b", "c", "d"]
    assert list(found.letters.values()) == ["u1", "u2"]


def test_the_letters_are_of_a_name_that_nothing_has() -> None:
    assert list(planned("y = u1*t*2", {"u1": 1, "t": 2}).letters.values()) == ["s1"]


def test_a_name_that_is_given_twice_means_the_last_value() -> None:
    found = planned("y = x*2\ny = y + 1\nz = y**2", {"x": 3})
    last = next(id for id, name in found.names.items() if name == "y")
    assert next(call for call in found.calls if call.id == last).operation == "add"


def test_what_the_output_does_not_need_is_left_out() -> None:
    source = "import torch\nx = torch.tensor(2.0, requires_grad=True)\nw = x*5\nz = x*x\nz.backward()"
    assert "w" not in planned(source).names.values()


def test_there_is_no_plan_of_live_tensors() -> None:
    import torch

    x = torch.tensor(2.0, requires_grad=True)
    run = engine.trace(x * x, None, names={"x": x})
    last = last_pass(run)
    assert last is None or plan(run, last.seeds) is None
