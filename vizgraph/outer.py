"""Take the gradient of an outer function A = f(y) at the outputs: it is the v that f would send.

The engine never needs f: whatever it is, all it sends is its gradient at y. So f runs as a program of its
own, in the ordinary language, with the outputs as its leaves; what it leaves in their ``.grad`` is v.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from vizgraph import engine, language
from vizgraph.errors import VizgraphError
from vizgraph.form import form
from vizgraph.model import Run, Value

_ASSIGNED = re.compile(r"\s*[^\W\d]\w*\s*=(?!=)")


@dataclass(frozen=True, slots=True)
class Outer:
    """An outer function that ran: ``gradient`` is v by the name of its output, as nested lists."""

    text: str
    run: Run
    gradient: dict[str, Any]


def ask(run: Run, text: str) -> Outer:
    """Run ``text`` on the outputs of a run that has no backward pass of its own.

    Raises `VizgraphError` where f cannot be read or run, uses other names, or gives more than one number.
    """
    outputs = _outputs(run)
    source = text.strip() if _ASSIGNED.match(text) else f"A = {text.strip()}"
    try:
        program = language.parse(source)
    except VizgraphError as error:
        raise VizgraphError(f"the outer function: {error.message}", None, error.hint) from None
    names = [free.name for free in program.free]
    if not names or not set(names) <= outputs.keys():
        raise VizgraphError(
            "the outer function is a function of the outputs alone",
            hint=f"use {', '.join(outputs)}, for example A = {' + '.join(f'{name}**2' for name in outputs)}",
        )
    ran = engine.run(program, {name: _nested(outputs[name]) for name in names})
    if ran.error is not None:
        raise VizgraphError(f"the outer function: {ran.error.message}", None, ran.error.hint)
    if len(ran.passes) != 1 or [seed.gradient.shape for seed in ran.passes[0].seeds] != [()]:
        raise VizgraphError("the outer function must give one number", hint="for example the sum of all: .sum()")
    found = {leaf.name: leaf.grad for leaf in ran.leaves}
    gradient = {name: _nested(found.get(name) or _zeros(value)) for name, value in outputs.items()}
    return Outer(source, ran, gradient)


def _outputs(run: Run) -> dict[str, Value]:
    """The outputs with their values, by name."""
    made = {node: call for call in run.calls for node in call.nodes}
    told = form(run, {}, None)
    if told["own_backward"] or not run.passes:
        raise VizgraphError("the program places v itself", hint="take backward out of it to give v an outer function")
    outputs: dict[str, Value] = {}
    for one, seed in zip(told["outputs"], run.passes[-1].seeds, strict=True):
        call = made.get(seed.node)
        value = call.values[seed.result] if call and seed.result < len(call.values) else None
        if value is None or value.entries is None or not one["name"].isidentifier() or not value.finite:
            raise VizgraphError(f"the output {one['name']} can't go into an outer function", hint="give it a name")
        outputs[one["name"]] = value
    return outputs


def _zeros(value: Value) -> Value:
    return Value(value.shape, value.dtype, (0.0,) * len(value.entries or ()))


def _nested(value: Value) -> Any:
    """The entries as nested lists."""
    entries: Any = [float(entry) for entry in value.entries or ()]
    if not value.shape:
        return entries[0]
    for size in reversed(value.shape[1:]):
        entries = [entries[i : i + size] for i in range(0, len(entries), size)]
    return entries
