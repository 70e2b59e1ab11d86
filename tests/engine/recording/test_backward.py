"""Hold recorded passes to what hooks of this test see, and local Jacobians to torch.autograd.functional."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.engine.real import assert_same, ours, real
from vizgraph.model import Matrix

HEAD = """import torch
import torch.nn.functional as F
x = torch.tensor([0.5, -2.0, 3.0], requires_grad=True)
w = torch.tensor([[1.0, 2.0, 0.5], [-1.0, 3.0, 2.0]], requires_grad=True)
s = torch.tensor(2.0, requires_grad=True)
"""
FORWARD = {
    "product": "z = (x * x * s).sum()",
    "shared leaf": "z = x @ x + x.sum() * s + s * s * s",
    "broadcast": "z = ((w + x) * s / (1 + w * w)).mean()",
    "matrix": "z = (w @ x).sigmoid().prod()",
    "index": "z = x[0] * x[1:].sum() + w[:, 1].max() + x[[0, 0, 2]].sum()",
    "unbind": "a, b, c = x.unbind()\nz = a * b + c * s",
    "split": "a, b = x.split([1, 2])\nv, i = w.max(dim=1)\nz = a.sum() * b.sum() + v.sum()",
    "writes": "y = torch.zeros(3)\ny[0] = x[1] * s\ny[1:] = w[0, :2]\nz = (y * y).sum()",
    "write through a view": "y = x * 1\nv = y[1]\nv.mul_(s)\nz = y.sum() + v * v",
    "in place": "y = x * s\ny += 1\ny.mul_(2)\nz = y.sum()",
    "choice": "z = torch.where(x > 0, x * s, x / s).sum() + F.relu(x).sum()",
    "detached": "z = (x.detach() * x * s).sum()",
    "layers": "h = F.layer_norm(w @ x, (2,))\nz = -F.log_softmax(h, 0)[1]",
    "svd": "z = torch.linalg.svd(w)[1].sum() + torch.linalg.norm(w)",
}


def observed(root: Tensor) -> list[tuple[str, list[Tensor | None], list[Tensor | None]]]:
    """What hooks on every function see in one backward pass, in the order in which the engine runs them."""
    functions, waiting, seen = [], [root.grad_fn], []
    while waiting:
        function = waiting.pop()
        if function is not None and function not in functions:
            functions.append(function)
            waiting.extend(source for source, _ in function.next_functions)

    def listen(function: Any) -> Any:
        def hook(inputs: Any, outputs: Any) -> None:
            copies = [[None if g is None else g.detach().clone() for g in gradients] for gradients in (outputs, inputs)]
            seen.append((type(function).__name__, *copies))

        return hook

    for function in functions:
        function.register_hook(listen(function))
    root.backward()
    return seen


@pytest.mark.parametrize("forward", FORWARD.values(), ids=FORWARD.keys())
def test_a_pass_is_what_hooks_of_the_engine_see(forward: str) -> None:
    expected = observed(real(HEAD + forward).names["z"])
    run = ours(f"{HEAD}{forward}\nz.backward()")
    nodes = {node.id: node for node in run.graph.nodes}
    assert [nodes[step.node].grad_fn for step in run.passes[0].steps] == [name for name, _, _ in expected]
    for step, (name, upstream, contributions) in zip(run.passes[0].steps, expected, strict=True):
        for mine, theirs in zip(step.upstream, upstream, strict=True):
            assert_same(mine, theirs, f"upstream of {name}")
        slots = {edge.id: edge.slot for edge in run.graph.edges if edge.target == step.node}
        assert [slots[one.edge] for one in step.contributions] == sorted(slots.values())
        for one in step.contributions:
            assert_same(one.gradient, contributions[slots[one.edge]], f"contribution of {name}")


@pytest.mark.parametrize("forward", FORWARD.values(), ids=FORWARD.keys())
def test_the_graph_is_autograds_own(forward: str) -> None:
    run = ours(f"{HEAD}{forward}\nz.backward()")
    functions, edges, waiting = set(), 0, [real(HEAD + forward).names["z"].grad_fn]
    while waiting:
        function = waiting.pop()
        if function not in functions:
            functions.add(function)
            sources = [source for source, _ in function.next_functions if source is not None]
            edges += len(sources)
            waiting.extend(sources)
    assert sorted(type(function).__name__ for function in functions) == sorted(n.grad_fn or "" for n in run.graph.nodes)
    assert len(run.graph.edges) == edges
    place = {node.id: number for number, node in enumerate(run.graph.nodes)}
    assert all(place[edge.source] < place[edge.target] for edge in run.graph.edges)


FUNCTIONS = {
    "square": ("x ** 2", lambda x: x**2),
    "product": ("x * w[0]", lambda x: x * torch.tensor([1.0, 2.0, 0.5])),
    "exp": ("x.exp()", torch.exp),
    "softmax": ("torch.softmax(x, 0)", lambda x: torch.softmax(x, 0)),
    "sum": ("x.sum()", torch.sum),
    "norm": ("x.norm()", torch.norm),
    "cumsum": ("x.cumsum(0)", lambda x: x.cumsum(0)),
    "index": ("x[1:]", lambda x: x[1:]),
    "gather": ("x[[0, 0, 2]]", lambda x: x[[0, 0, 2]]),
    "flip": ("x.flip(0)", lambda x: x.flip(0)),
    "matmul": ("w @ x", lambda x: torch.tensor([[1.0, 2.0, 0.5], [-1.0, 3.0, 2.0]]) @ x),
    "broadcast": ("x + torch.ones(2, 3)", lambda x: x + torch.ones(2, 3)),
    "max": ("x.max()", torch.max),
    "relu": ("torch.relu(x)", torch.relu),
}


@pytest.mark.parametrize(("written", "function"), FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_a_local_jacobian_is_the_jacobian_of_its_function(written: str, function: Any) -> None:
    run = ours(f"{HEAD}y = {written}\nz = y.sum()\nz.backward()")
    named = next(node for node in run.graph.nodes if node.name == "y")
    edge = next(edge for edge in run.graph.edges if edge.target == named.id and edge.source == "x")
    local = next(c.local for step in run.passes[0].steps for c in step.contributions if c.edge == edge.id)
    expected = torch.autograd.functional.jacobian(function, torch.tensor([0.5, -2.0, 3.0]))
    assert_matrix(local, expected.reshape(-1, 3))


def test_the_jacobian_of_a_pass_is_that_of_its_outputs_by_its_leaves() -> None:
    run = ours(f"{HEAD}y = w @ x * s\nu = s ** 2\ntorch.autograd.backward([y, u], [torch.ones(2), None])")
    jacobian = run.passes[0].jacobian
    assert jacobian is not None
    assert jacobian.rows == ("y[0]", "y[1]", "u")
    names = [*(f"x[{i}]" for i in range(3)), *(f"w[{i}, {j}]" for i in range(2) for j in range(3)), "s"]
    leaves = {"x": torch.tensor([0.5, -2.0, 3.0]), "w": torch.tensor([[1.0, 2.0, 0.5], [-1.0, 3.0, 2.0]])}
    parts = torch.autograd.functional.jacobian(
        lambda x, w, s: torch.cat([w @ x * s, (s**2).reshape(1)]), (leaves["x"], leaves["w"], torch.tensor(2.0))
    )
    expected = torch.cat([part.reshape(3, -1) for part in parts], dim=1)
    order = [names.index(column) for column in jacobian.columns]
    assert sorted(jacobian.columns) == sorted(names)
    assert_matrix(jacobian.matrix, expected[:, order])


def test_a_pass_keeps_what_became_of_every_grad() -> None:
    run = ours(f"{HEAD}(x * 2).sum().backward()\n(x * x).sum().backward()\nx.grad.zero_()\n(3 * x).sum().backward()")
    first, second, third = (one.gradients[0] for one in run.passes)
    assert (first.before, first.after) == (None, second.before)
    assert_same(second.gradient, torch.tensor([1.0, -4.0, 6.0]), "arrived")
    assert_same(second.after, torch.tensor([3.0, -2.0, 8.0]), "accumulated")
    (change,) = run.changes
    assert (change.leaf, change.passes, change.how) == ("x", 2, "x.grad.zero_()")
    assert (change.before, change.after) == (second.after, third.before)
    assert_same(third.after, torch.tensor([3.0, 3.0, 3.0]), "after")


def test_grad_is_a_pass_that_writes_no_grad() -> None:
    run = ours(f"{HEAD}y = x * s\ng = torch.autograd.grad((y * y).sum(), [y, s])")
    (one,) = run.passes
    assert [(leaf.name, leaf.grad) for leaf in run.leaves] == [("x", None), ("w", None), ("s", None)]
    assert [(a.leaf, a.before, a.after) for a in one.gradients] == [("s", None, None)]
    assert_same(one.gradients[0].gradient, torch.tensor(53.0), "s")  # 2 s x·x
    steps = {step.node: step for step in one.steps}
    y = next(node.id for node in run.graph.nodes if node.name == "y")
    assert_same(steps[y].upstream[0], torch.tensor([2.0, -8.0, 12.0]), "y")


def test_a_second_derivative_is_a_pass_over_the_functions_of_the_first() -> None:
    run = ours(
        "import torch\nx = torch.tensor(3.0, requires_grad=True)\ny = x ** 3\n"
        "g = torch.autograd.grad(y, x, create_graph=True)[0]\nh = torch.autograd.grad(g, x)[0]\nprint(g, h)"
    )
    assert run.printed == ("tensor(27., grad_fn=<MulBackward0>) tensor(18.)",)
    first, second = run.passes
    assert_same(first.gradients[0].gradient, torch.tensor(27.0), "first")
    assert_same(second.gradients[0].gradient, torch.tensor(18.0), "second")
    assert run.graph.outputs == ("pow_1", "grad_1")


def test_hooks_of_the_program_run_once_for_each_of_its_passes() -> None:
    run = ours(f"{HEAD}y = x * 2\ny.register_hook(lambda g: print('hook'))\n(y * y).sum().backward()")
    assert run.printed == ("hook",)
    assert run.passes[0].jacobian is None


def test_a_gradient_that_is_kept_by_a_tensor_is_kept_once() -> None:
    run = ours(f"{HEAD}y = x * 2\ny.retain_grad()\nz = (y * y).sum()\nz.backward()\nprint(y.grad)")
    assert run.printed == ("tensor([ 2., -8., 12.])",)
    assert run.passes[0].jacobian is not None


def test_a_refused_backward_leaves_the_graph_and_its_empty_pass() -> None:
    run = ours(f"{HEAD}y = x * s\ny.backward()")
    assert run.passes == ()
    assert run.error is not None
    assert {node.id for node in run.graph.nodes} == {"x", "s", "mul_1"}
    assert run.error.node == "mul_1"


def assert_matrix(matrix: Matrix | None, expected: Tensor) -> None:
    assert matrix is not None
    assert (matrix.rows, matrix.columns) == tuple(expected.shape)
    assert list(matrix.entries) == pytest.approx(expected.reshape(-1).tolist(), rel=1e-6, abs=1e-7)
