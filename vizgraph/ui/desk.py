"""Hold what the user has in front of them: the program, its values and the upstream gradient.

A `Desk` never changes; every click or key makes the next one. It knows no widget and no
engine: `job` says what to ask, and `settle` fits the desk to the form that came back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from vizgraph import language, limits
from vizgraph.lessons import Lesson
from vizgraph.model import Fix
from vizgraph.ui.forms import Form, Output

Preset = Literal["ones", "one_hot", "custom"]


@dataclass(frozen=True, slots=True)
class Desk:
    """``values`` are texts by name, only of the names that somebody gave a value.

    ``requires_grad`` are the leaves among the names, None for all of them; ``known`` the names
    that this choice was made for, None where it is to be taken literally. ``gradient`` is
    None for ones, else a text, or texts by output.
    """

    program: str
    lesson: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    requires_grad: tuple[str, ...] | None = None
    known: tuple[str, ...] | None = None
    gradient: str | Mapping[str, str] | None = None
    preset: Preset = "ones"
    entry: int = 0  # of all outputs' entries, the one that one-hot picks
    heard: int = 0  # the number of the last v, or outer function, that the player handed over
    outer: str | None = None  # the function of the outputs whose gradient is v
    kin: str | None = None  # the program of which this one differs in numbers alone


def of_lesson(lesson: Lesson) -> Desk:
    """The desk as a lesson lays it out."""
    return Desk(
        program=lesson.program,
        lesson=lesson.id,
        values={name: json.dumps(value) for name, value in lesson.values.items()},
        requires_grad=lesson.requires_grad,
        gradient=None if lesson.gradient is None else json.dumps(lesson.gradient),
        preset="ones" if lesson.gradient is None else "custom",
    )


def job(desk: Desk) -> dict[str, Any]:
    """What to ask the engine."""
    return {
        "source": desk.program,
        "values": dict(desk.values),
        "requires_grad": None if desk.requires_grad is None else list(desk.requires_grad),
        "gradient": dict(desk.gradient) if isinstance(desk.gradient, Mapping) else desk.gradient,
        **({"outer": desk.outer} if desk.outer else {}),
        "want": ["form", "player"],
    }


def settle(desk: Desk, form: Form) -> Desk:
    """The desk that fits the form; if it asks for another job, that is the one to show.

    Names that came with a new program are leaves until somebody says otherwise, and one-hot
    is written anew for the outputs that there are now.
    """
    names = tuple(one.name for one in form.inputs)
    if desk.requires_grad is not None:
        new = () if desk.known is None else tuple(name for name in names if name not in desk.known)
        leaves = tuple(name for name in names if name in desk.requires_grad or name in new)
        desk = replace(desk, requires_grad=leaves, known=names)
    if desk.preset == "one_hot" and not form.own_backward:
        desk = replace(desk, gradient=one_hot(form.outputs, desk.entry))
    return desk


def without_gradient(desk: Desk) -> Desk:
    """The same with ones, to learn the outputs where the upstream gradient does not fit them."""
    return replace(desk, gradient=None, outer=None, preset="ones" if desk.preset == "custom" else desk.preset)


def fitted(desk: Desk, before: Desk, old: Form, new: Form) -> Desk:
    """``desk`` with what fits the outputs of the new form of the upstream gradient that was typed before."""
    typed = {(one.name, one.shape): seed_text(before, old, one) for one in old.outputs}
    kept = {one.name: typed[one.name, one.shape] for one in new.outputs if (one.name, one.shape) in typed}
    if before.preset != "custom" or new.own_backward or len(new.outputs) < 2 or not kept:
        return desk
    texts = {one.name: kept.get(one.name, one.ones) for one in new.outputs}
    return replace(desk, gradient=texts, preset="custom")


def with_program(desk: Desk, program: str) -> Desk:
    """Another text: it is no longer the lesson's, and presets are for the outputs to come."""
    gradient = desk.gradient if desk.preset == "custom" else None
    return replace(desk, program=program, lesson=None, gradient=gradient, outer=None, kin=None)


def with_fix(desk: Desk, fix: Fix) -> Desk:
    """The program with one line written anew."""
    return with_program(desk, language.mended(language.normal(desk.program), fix) + "\n")


def with_value(desk: Desk, name: str, text: str) -> Desk:
    return replace(desk, values={**desk.values, name: text})


def with_leaf(desk: Desk, form: Form, name: str, *, on: bool) -> Desk:
    """``name`` switched to be a leaf or a constant."""
    leaves = tuple(one.name for one in form.inputs if (on if one.name == name else one.requires_grad))
    return replace(desk, requires_grad=leaves, known=tuple(one.name for one in form.inputs))


def with_seed(desk: Desk, form: Form, output: str, text: str) -> Desk:
    """The upstream gradient of one output, typed by hand; the others stay as they are."""
    if len(form.outputs) == 1:
        return replace(desk, gradient=text, preset="custom", outer=None)
    texts = {one.name: seed_text(desk, form, one) for one in form.outputs}
    return replace(desk, gradient={**texts, output: text}, preset="custom", outer=None)


def with_v(desk: Desk, form: Form, number: int, seeds: Sequence[Sequence[float]]) -> Desk:
    """The upstream gradient as it was dragged in the player: the entries of each output, flat.

    What does not fit the outputs, or is the program's own to place, changes nothing but ``heard``."""
    heard = replace(desk, heard=number, outer=None)
    sizes = [len(_entries(one.name, one.shape)) for one in form.outputs]
    if form.own_backward or not sizes or [len(seed) for seed in seeds] != sizes:
        return heard
    pairs = zip(form.outputs, seeds, strict=True)
    texts = {one.name: _text([f"{number:.7g}" for number in seed], one.shape) for one, seed in pairs}
    gradient = next(iter(texts.values())) if len(texts) == 1 else texts
    return replace(heard, gradient=gradient, preset="custom")


def with_preset(desk: Desk, form: Form, preset: Preset, entry: int = 0) -> Desk:
    """Ones, one-hot at ``entry``, or the numbers as they are, to be changed by hand."""
    if preset == "ones":
        return replace(desk, gradient=None, preset=preset, outer=None)
    if preset == "one_hot":
        entry = min(entry, max(0, len(entries(form.outputs)) - 1))
        return replace(desk, gradient=one_hot(form.outputs, entry), preset=preset, entry=entry, outer=None)
    return replace(desk, preset=preset)


def value_text(desk: Desk, name: str, text: str) -> str:
    """What the field of a free name shows: what was typed, else the form's ``text``."""
    return desk.values.get(name, text)


def seed_text(desk: Desk, form: Form, output: Output) -> str:
    """What the field of an output shows: what was typed, else what the engine used."""
    if isinstance(desk.gradient, Mapping) and output.name in desk.gradient and not form.own_backward:
        return desk.gradient[output.name]
    if isinstance(desk.gradient, str) and len(form.outputs) == 1 and not form.own_backward:
        return desk.gradient
    return output.seed or output.ones


def entries(outputs: tuple[Output, ...]) -> tuple[str, ...]:
    """The names of all entries of all outputs, in order.

    >>> entries((Output("y1", (), "1"), Output("y", (2,), "[1, 1]"), Output("Z", (1, 2), "[[1, 1]]")))
    ('y1', 'y[0]', 'y[1]', 'Z[0, 0]', 'Z[0, 1]')
    """
    return tuple(name for one in outputs for name in _entries(one.name, one.shape))


def one_hot(outputs: tuple[Output, ...], entry: int) -> str | Mapping[str, str]:
    """A 1 in entry number ``entry`` of all outputs, 0 elsewhere, as `Desk.gradient` has it.

    >>> one_hot((Output("y1", (), "1"), Output("y2", (2,), "[1, 1]")), 2)
    {'y1': '0', 'y2': '[0, 1]'}
    """
    texts, start = {}, 0
    for one in outputs:
        size = len(_entries(one.name, one.shape))
        numbers = [int(start + i == entry) for i in range(size)]
        texts[one.name], start = json.dumps(_nest(numbers, one.shape)), start + size
    return next(iter(texts.values())) if len(texts) == 1 else texts


def _entries(name: str, shape: tuple[int, ...]) -> list[str]:
    places: list[tuple[int, ...]] = [()]
    for size in shape:
        places = [(*place, i) for place in places for i in range(size)]
    return [f"{name}[{', '.join(map(str, place))}]" if place else name for place in places]


def with_entries(desk: Desk, form: Form, number: int, name: str, entries: Sequence[float]) -> Desk:
    """The value of an input as it was dragged in the player, its entries flat."""
    heard = replace(desk, heard=number)
    shapes = {one.name: one.shape for one in form.inputs}
    shape = shapes.get(name)
    if shape is None or len(_entries(name, shape)) != len(entries):
        return heard
    return with_value(heard, name, _text([f"{entry:.7g}" for entry in entries], shape))


def with_seed_written(desk: Desk, number: int, line: int, shape: Sequence[int], v: Sequence[float]) -> Desk:
    """The program with the v that was dragged in the backward pass of that line, if it writes its v there."""
    return _rewritten(desk, number, language.with_seed(desk.program, line, shape, v))


def with_numbers_written(
    desk: Desk, number: int, line: int, name: str, shape: Sequence[int], entries: Sequence[float]
) -> Desk:
    """The program with the value of a tensor as it was dragged, in the line that writes it."""
    return _rewritten(desk, number, language.with_numbers(desk.program, line, name, shape, entries))


def _rewritten(desk: Desk, number: int, program: str | None) -> Desk:
    heard = replace(desk, heard=number)
    if program is None:
        return heard
    return replace(with_program(heard, program), kin=desk.kin or desk.program)


def with_outer(desk: Desk, number: int, text: str) -> Desk:
    """v is the gradient of an outer function from now on; an empty text takes it away, and v stays as it is."""
    if not text.strip():
        return replace(desk, heard=number, outer=None)
    return replace(desk, heard=number, outer=text[: limits.OUTER_CHARACTERS], gradient=None, preset="custom")


def _text(numbers: list[str], shape: tuple[int, ...]) -> str:
    nested: str = json.dumps(_nest(numbers, shape)).replace('"', "")
    return nested


def _nest(numbers: Sequence[Any], shape: tuple[int, ...]) -> Any:
    if not shape:
        return numbers[0]
    stride = len(numbers) // shape[0] if shape[0] else 0
    return [_nest(numbers[i * stride : (i + 1) * stride], shape[1:]) for i in range(shape[0])]
