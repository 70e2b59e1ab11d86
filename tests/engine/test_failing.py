"""Trace what fails: the graph is there, what ran is there, and the node that failed has its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import vizgraph
from tests.engine.broken import Fails, Misshapen, TooMany
from vizgraph.model import Run


def freed(x: Tensor) -> Tensor:
    part = x.exp()
    part.sum().backward()
    return (part.sin() + x.cos()).sum()


def modified(x: Tensor) -> Tensor:
    a = x.exp()
    b = a * 2
    a.add_(1)
    return (b + x.cos()).sum()


def hooked(x: Tensor) -> Tensor:
    def refuse(gradient: Tensor) -> None:
        raise RuntimeError("this hook is broken")

    y = x.sin()
    y.register_hook(refuse)
    return (y.exp() + x.cos()).sum()


FAILURES: dict[str, tuple[Callable[[Tensor], Tensor], str, str]] = {
    "a backward": (lambda x: (Fails.apply(x.sin()) + x.cos()).sum(), "FailsBackward", "this backward is broken"),
    "a wrong shape": (lambda x: Misshapen.apply(x.sin()).sum(), "MisshapenBackward", "returned an invalid gradient"),
    "a wrong number": (lambda x: TooMany.apply(x).sum(), "TooManyBackward", "returned an incorrect number"),
    "a freed graph": (freed, "ExpBackward0", "backward through the graph a second time"),
    "a saved tensor, modified": (modified, "ExpBackward0", "modified by an inplace operation"),
    "a hook": (hooked, "SinBackward0", "this hook is broken"),
}


@pytest.mark.parametrize("what", FAILURES)
def test_the_node_at_which_a_pass_failed_is_named(what: str) -> None:
    make, grad_fn, message = FAILURES[what]
    output = make(torch.tensor([1.0, 2.0], requires_grad=True))
    assert_failed_at(vizgraph.trace(output).run, grad_fn, message)
    with pytest.raises(Exception, match=message):
        output.backward()  # torch says the same


def assert_failed_at(run: Run, grad_fn: str, message: str) -> None:
    assert run.error is not None
    assert message in run.error.message
    nodes = {node.id: node for node in run.graph.nodes}
    assert run.error.node is not None
    assert nodes[run.error.node].grad_fn == grad_fn
    ran = [step.node for step in run.passes[0].steps]
    assert run.error.node not in ran
    assert ran[0] == run.graph.outputs[0]


def test_what_ran_before_the_failure_has_its_numbers() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = Fails.apply(x.sin())
    run = vizgraph.trace((y * y).sum()).run
    arrived = {step.node: step.upstream for step in run.passes[0].steps}
    assert arrived["sum_1"][0] is not None
    assert arrived["sum_1"][0].entries == (1.0,)
    contributions = {one.edge: one.gradient for step in run.passes[0].steps for one in step.contributions}
    (failed,) = (edge for edge in run.graph.edges if edge.source == run.error.node and edge.slot == 0)
    assert contributions[failed.id].entries == tuple(y.tolist())
    assert not run.passes[0].gradients


def test_the_nan_that_anomaly_mode_finds_is_at_the_node_that_made_it() -> None:
    x = torch.tensor([0.0, 1.0], requires_grad=True)
    with torch.autograd.set_detect_anomaly(True), pytest.warns(UserWarning, match="Error detected in SqrtBackward0"):
        run = vizgraph.trace((x.sqrt() * 0).sum(), torch.tensor(0.0)).run
    assert run.error is not None
    nodes = {node.id: node.grad_fn for node in run.graph.nodes}
    assert run.error.node is not None
    assert nodes[run.error.node] == "SqrtBackward0"


def test_a_failed_trace_is_drawn() -> None:
    picture = vizgraph.trace(FAILURES["a backward"][0](torch.tensor([1.0], requires_grad=True)))
    assert "this backward is broken" in str(picture.to_dict()["error"]["message"])
    assert picture.dot("engine").count("FailsBackward") >= 1
