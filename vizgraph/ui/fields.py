"""Show the fields: the functions, a value for every free name, and the upstream gradient."""

from __future__ import annotations

import math
from typing import Final

import streamlit as st

from vizgraph import limits
from vizgraph.texts import say
from vizgraph.ui import desk as desks
from vizgraph.ui.desk import Preset
from vizgraph.ui.forms import Form, Input, Output
from vizgraph.ui.sitting import Sitting, change
from vizgraph.ui.widgets import showing

PRESETS: Final[tuple[Preset, ...]] = ("ones", "one_hot", "custom")
SLIDER_STEPS: Final = 200  # from one end of a slider to the other


def functions(sitting: Sitting) -> None:
    """The text area in which the program is typed or pasted."""

    def tell(text: str) -> None:
        change(sitting, desks.with_program(sitting.desk, text))

    st.text_area(
        say("page.functions"), height="content", max_chars=limits.PROGRAM_CHARACTERS,
        **showing(sitting, "functions", sitting.desk.program, tell),
    )  # fmt: skip


def values(sitting: Sitting) -> None:
    """One row for every free name: its value, a slider if it is a scalar, a switch for requires_grad."""
    form = sitting.form
    if not form.inputs:
        return
    with st.container(key="values", gap=None):
        _heading(say("page.values"), say("page.requires_grad"))
        for one in form.inputs:
            with st.container(key=f"row_{one.name}", horizontal=True, vertical_alignment="center", gap="small"):
                _value(sitting, one)


def upstream(sitting: Sitting) -> None:
    """One field per output, with presets; read only where the program calls backward itself."""
    form = sitting.form
    if not form.outputs:
        return
    with st.container(key="upstream", gap=None):
        for one in form.outputs:
            _seed(sitting, form, one)
        if form.own_backward:
            _own_backward(form)
        else:
            _presets(sitting, form)


def _value(sitting: Sitting, one: Input) -> None:
    text = desks.value_text(sitting.desk, one.name, one.text)

    def tell(text: str) -> None:
        change(sitting, desks.with_value(sitting.desk, one.name, text))

    st.text_input(one.name, **showing(sitting, f"value {one.name}", text, tell))
    number = _number(text) if not one.shape else None
    if number is not None:
        _slider(sitting, one.name, number)
    _switch(sitting, one)


def _slider(sitting: Sitting, name: str, number: float) -> None:
    """A slider that never gets narrower while it is used: ±10, or the next power of ten that holds the value."""

    def tell(number: float) -> None:
        change(sitting, desks.with_value(sitting.desk, name, f"{number:.6g}"))

    needed = 10.0 ** max(1, math.ceil(math.log10(abs(number)))) if number else 10.0
    bound = sitting.bounds[name] = max(needed, sitting.bounds.get(name, 0.0))
    st.slider(
        say("page.slider_of", name=name), -bound, bound, step=2 * bound / SLIDER_STEPS, label_visibility="collapsed",
        **showing(sitting, f"slider {name}", number, tell, same=math.isclose),
    )  # fmt: skip


def _switch(sitting: Sitting, one: Input) -> None:
    def tell(on: bool) -> None:
        change(sitting, desks.with_leaf(sitting.desk, sitting.form, one.name, on=on))

    st.toggle(
        say("page.requires_grad_of", name=one.name), label_visibility="collapsed",
        **showing(sitting, f"leaf {one.name}", one.requires_grad, tell),
    )  # fmt: skip


def _seed(sitting: Sitting, form: Form, one: Output) -> None:
    def tell(text: str) -> None:
        change(sitting, desks.with_seed(sitting.desk, sitting.form, one.name, text))

    single = len(form.outputs) == 1
    st.text_input(
        say("page.upstream") if single else say("page.upstream_of", name=one.name), disabled=form.own_backward,
        **showing(sitting, f"seed {one.name}", desks.seed_text(sitting.desk, form, one), tell),
    )  # fmt: skip


def _own_backward(form: Form) -> None:
    lines = sorted({one.line for one in form.outputs if one.line is not None})
    places = say("page.lines", lines=", ".join(map(str, lines))) if len(lines) > 1 else None
    st.caption(
        say("page.own_backward", place=places or say("page.line", line=lines[0]))
        if lines
        else say("page.own_backward_nowhere")
    )


def _presets(sitting: Sitting, form: Form) -> None:
    def tell(preset: Preset) -> None:
        change(sitting, desks.with_preset(sitting.desk, sitting.form, preset, sitting.desk.entry))

    with st.container(key="presets", horizontal=True, vertical_alignment="center", gap="small"):
        st.segmented_control(
            say("page.preset"), PRESETS, format_func=lambda preset: say(f"page.preset.{preset}"), required=True,
            label_visibility="collapsed", **showing(sitting, "preset", sitting.desk.preset, tell, "default"),
        )  # fmt: skip
        if sitting.desk.preset == "one_hot":
            _entry(sitting, desks.entries(form.outputs))


def _entry(sitting: Sitting, names: tuple[str, ...]) -> None:
    """Which entry of the outputs is the 1."""

    def tell(entry: int) -> None:
        change(sitting, desks.with_preset(sitting.desk, sitting.form, "one_hot", entry))

    st.selectbox(
        say("page.entry"), range(len(names)), format_func=names.__getitem__, label_visibility="collapsed",
        **showing(sitting, "entry", min(sitting.desk.entry, len(names) - 1), tell, "index"),
    )  # fmt: skip


def _number(text: str) -> float | None:
    """The scalar of a field, None for anything that has no place on a slider."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < limits.INTEGER else None


def _heading(left: str, right: str) -> None:
    with st.container(key="values_head", horizontal=True, horizontal_alignment="distribute"):
        st.caption(left, width="content")
        st.caption(right, width="content")
