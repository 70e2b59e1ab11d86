"""Hold a trace against the engine itself: the graph by its own walk, every number by hooks set here."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from vizgraph import engine
from vizgraph.model import Edge, Run, Value

WHOLE = 10**9  # every number of every tensor is kept, so that every number can be compared
Handed = tuple[tuple[Tensor | None, ...], tuple[Tensor | None, ...]]


def assert_exact(result: Any) -> Run | None:
    """Trace every differentiable tensor in ``result`` and compare all of it; None where there is none."""
    outputs = [one for one in tree_leaves(result) if isinstance(one, Tensor) and one.requires_grad]
    outputs = [one for place, one in enumerate(outputs) if all(one is not other for other in outputs[:place])]
    if not outputs:
        return None
    seeds = [torch.randn_like(one) for one in outputs]
    roots = [(edge.node, edge.output_nr) for edge in map(torch.autograd.graph.get_gradient_edge, outputs)]
    functions = reached(function for function, _ in roots)
    handed: dict[Any, Handed] = {}
    handles = [function.register_hook(listener(handed, function)) for function in functions if not leaf(function)]
    leaves = [function.variable for function in functions if leaf(function)]
    names = {f"leaf{place}": one for place, one in enumerate(leaves)}
    try:
        run = engine.trace(outputs, seeds, names=names, max_entries=WHOLE)
    finally:
        for handle in handles:
            handle.remove()
    expected = torch.autograd.grad(outputs, leaves, seeds, retain_graph=True, allow_unused=True)
    assert run.error is None, run.error
    function_of = assert_same_graph(run, roots, functions)
    assert_same_numbers(run, function_of, handed)
    assert_sums(run)
    arrived = {one.leaf: one.gradient for one in run.passes[0].gradients}
    assert arrived.keys() == {name for name, one in zip(names, expected, strict=True) if one is not None}
    for name, gradient in zip(names, expected, strict=True):
        if gradient is not None:
            assert_bits(arrived[name], gradient, name)
    return run


def reached(roots: Iterator[Any]) -> list[Any]:
    """Every function behind the roots, in any order."""
    found: dict[Any, None] = {}
    pending = list(roots)
    while pending:
        function = pending.pop()
        if function not in found:
            found[function] = None
            pending.extend(source for source, _ in function.next_functions if source is not None)
    return list(found)


def leaf(function: Any) -> bool:
    return type(function).__name__ == "AccumulateGrad"


def listener(handed: dict[Any, Handed], function: Any) -> Any:
    def listen(contributions: tuple[Tensor | None, ...], upstream: tuple[Tensor | None, ...]) -> None:
        copies = [tuple(None if one is None else one.clone() for one in many) for many in (contributions, upstream)]
        handed[function] = (copies[0], copies[1])

    return listen


def assert_same_graph(run: Run, roots: Sequence[tuple[Any, int]], functions: Sequence[Any]) -> dict[str, Any]:
    """Follow both graphs slot by slot from the outputs; returns the function of every node."""
    edges: dict[str, dict[int, Edge]] = defaultdict(dict)
    for edge in run.graph.edges:
        assert edge.slot not in edges[edge.target], "two edges in one slot"
        edges[edge.target][edge.slot] = edge
    classes = {node.id: node.grad_fn for node in run.graph.nodes}
    assert len(classes) == len(run.graph.nodes) == len(functions)
    pairs = [(seed.node, function) for seed, (function, _) in zip(run.passes[0].seeds, roots, strict=True)]
    assert [seed.result for seed in run.passes[0].seeds] == [result for _, result in roots]
    function_of: dict[str, Any] = {}
    while pairs:
        node, function = pairs.pop()
        if node in function_of:
            assert function_of[node] is function
            continue
        function_of[node] = function
        assert classes[node] == type(function).__name__
        held = {slot: pair for slot, pair in enumerate(function.next_functions) if pair[0] is not None}
        assert edges[node].keys() == held.keys()
        for slot, (source, result) in held.items():
            assert edges[node][slot].result == result
            pairs.append((edges[node][slot].source, source))
    assert function_of.keys() == classes.keys()
    assert len(set(function_of.values())) == len(functions)
    return function_of


def assert_same_numbers(run: Run, function_of: dict[str, Any], handed: dict[Any, Handed]) -> None:
    """Every upstream and every contribution is what the engine handed over, bit for bit."""
    slots = {edge.id: edge.slot for edge in run.graph.edges}
    ran = set()
    for step in run.passes[0].steps:
        function = function_of[step.node]
        if leaf(function):
            continue
        ran.add(function)
        contributions, upstream = handed[function]
        assert len(step.upstream) == len(upstream)
        for value, tensor in zip(step.upstream, upstream, strict=True):
            assert_bits(value, tensor, step.node)
        assert len(step.contributions) == sum(source is not None for source, _ in function.next_functions)
        for one in step.contributions:
            assert_bits(one.gradient, contributions[slots[one.edge]], one.edge)
    assert ran == handed.keys()


def assert_sums(run: Run) -> None:
    """What arrives at a node is the sum of its seeds and its contributions, in the engine's own order."""
    edges = {edge.id: edge for edge in run.graph.edges}
    total: dict[tuple[str, int], Tensor] = {}

    def arrive(node: str, result: int, value: Value) -> None:
        known = total.get((node, result))
        total[node, result] = thawed(value) if known is None else known + thawed(value)

    for seed in run.passes[0].seeds:
        arrive(seed.node, seed.result, seed.gradient)
    for step in run.passes[0].steps:
        for result, value in enumerate(step.upstream):
            if value is not None:
                assert (step.node, result) in total, f"nothing was sent to {step.node}, and something arrived"
                torch.testing.assert_close(
                    thawed(value), total[step.node, result], rtol=0, atol=0, equal_nan=True, check_dtype=False
                )
            else:
                assert (step.node, result) not in total
        for one in step.contributions:
            if one.gradient is not None:
                arrive(edges[one.edge].source, edges[one.edge].result, one.gradient)


def thawed(value: Value) -> Tensor:
    dtype = getattr(torch, value.dtype)
    if value.pairs is not None:
        return torch.tensor([complex(*pair) for pair in value.pairs], dtype=dtype).reshape(value.shape)
    assert value.entries is not None
    return torch.tensor(value.entries, dtype=dtype).reshape(value.shape)


def assert_bits(value: Value | None, tensor: Tensor | None, what: str) -> None:
    assert (value is None) == (tensor is None), what
    if value is None or tensor is None:
        return
    assert value.shape == tuple(tensor.shape), what
    assert value.dtype == str(tensor.dtype).removeprefix("torch."), what
    assert bits(value) == bits_of(tensor), what


def bits(value: Value) -> bytes:
    numbers = value.entries if value.pairs is None else [part for pair in value.pairs for part in pair]
    assert numbers is not None
    return array("d", numbers).tobytes()


def bits_of(tensor: Tensor) -> bytes:
    plain = tensor.detach()
    plain = torch.zeros(plain.shape, dtype=plain.dtype) if plain._is_zerotensor() else plain
    plain = plain.to_dense() if plain.layout is not torch.strided else plain
    plain = torch.view_as_real(plain.resolve_conj()) if plain.is_complex() else plain
    return array("d", plain.resolve_neg().reshape(-1).tolist()).tobytes()


def results(operator: Any) -> Iterator[Any]:
    """The operator's result for every sample in float32 that requires grad, as the database has it differentiated."""
    for sample in operator.sample_inputs("cpu", torch.float32, requires_grad=True):
        yield sample.output_process_fn_grad(operator(sample.input, *sample.args, **sample.kwargs))
