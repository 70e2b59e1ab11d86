"""Tell a page which fields a program needs and what stands in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from vizgraph import report
from vizgraph.model import Call, Nested, Run, Seed, Value


def form(run: Run, values: Mapping[str, Any], requires_grad: Collection[str] | None) -> dict[str, Any]:
    """Return the fields (docs/ARCHITECTURE.md): free names, outputs, what was printed and what went wrong."""
    return {
        "inputs": list(_inputs(run, values, requires_grad)),
        "outputs": list(_outputs(run)),
        "own_backward": any(one.span is not None for one in run.passes),
        "printed": list(run.printed),
        "warnings": list(run.warnings),
        "error": report.fault(run.error) if run.error else None,
        "notices": [report.fault(notice) for notice in run.notices],
    }


def _inputs(run: Run, values: Mapping[str, Any], requires_grad: Collection[str] | None) -> Iterator[dict[str, Any]]:
    made = {call.name: call for call in run.calls if call.operation == "input"}
    for free in run.program.free if run.program else ():
        given, call = values.get(free.name), made.get(free.name)
        default = written(free.default)
        yield {
            "name": free.name,
            "text": given if isinstance(given, str) else default if given is None else json.dumps(given),
            "default": default,
            "shape": list(call.values[0].shape) if call else None,
            "requires_grad": requires_grad is None or free.name in requires_grad,
        }


def _outputs(run: Run) -> Iterator[dict[str, Any]]:
    """The outputs of the last pass; of a program that failed before it, nothing can be said."""
    if not run.passes:
        return
    last = run.passes[-1]
    made = {node: call for call in run.calls for node in call.nodes}
    for position, seed in enumerate(last.seeds, 1):
        shape = seed.gradient.shape
        yield {
            "name": _name(made.get(seed.node), seed, position),
            "shape": list(shape),
            "ones": written(_filled(shape, 1)),
            "seed": None if seed.gradient.entries is None else written(_nested(seed.gradient)),
            "line": last.span.line if last.span else None,
        }


def _name(call: Call | None, seed: Seed, position: int) -> str:
    return (call.name or call.expression) if call else seed.node or f"output {position}"


def written(value: Nested) -> str:
    """Return a value as it would be typed, with the digits that a float32 really has.

    >>> written((1, (0.10000000149011612)))
    '[1, 0.1]'
    """
    if isinstance(value, tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, float):
        return f"{value:.7g}"
    return str(value)


def _nested(value: Value) -> Nested:
    if 0 in value.shape:
        return _filled(value.shape, 0)
    entries: Nested = value.entries or ()
    for size in reversed(value.shape[1:]):
        assert isinstance(entries, tuple)
        entries = tuple(entries[i : i + size] for i in range(0, len(entries), size))
    return entries if value.shape or not isinstance(entries, tuple) else entries[0]


def _filled(shape: tuple[int, ...], number: int) -> Nested:
    filled: Nested = number
    for size in reversed(shape):
        filled = (filled,) * size
    return filled
