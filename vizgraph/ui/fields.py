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
    key = "functions"
    st.text_area(
        say("page.functions"), key=key, **showing(key, sitting.desk.program),
        height="content", max_chars=limits.PROGRAM_CHARACTERS,
        on_change=_type_program, args=(sitting, key),
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
    number = _number(text) if not one.shape else None
    key = f"value {one.name}"
    st.text_input(
        one.name, key=key, **showing(key, text),
        on_change=_type_value, args=(sitting, one.name, key),
    )  # fmt: skip
    if number is not None:
        _slider(sitting, one.name, number)
    key = f"leaf {one.name}"
    st.toggle(
        say("page.requires_grad_of", name=one.name), key=key, **showing(key, one.requires_grad),
        label_visibility="collapsed", on_change=_switch_leaf, args=(sitting, one.name, key),
    )  # fmt: skip


def _slider(sitting: Sitting, name: str, number: float) -> None:
    """A slider that never gets narrower while it is used: ±10, or the next power of ten that holds the value."""
    needed = 10.0 ** max(1, math.ceil(math.log10(abs(number)))) if number else 10.0
    bound = sitting.bounds[name] = max(needed, sitting.bounds.get(name, 0.0))
    key = f"slider {name}"
    st.slider(
        say("page.slider_of", name=name), -bound, bound, key=key, **showing(key, number),
        step=2 * bound / SLIDER_STEPS,
        label_visibility="collapsed", on_change=_slide, args=(sitting, name, key),
    )  # fmt: skip


def _seed(sitting: Sitting, form: Form, one: Output) -> None:
    single = len(form.outputs) == 1
    key = f"seed {one.name}"
    st.text_input(
        say("page.upstream") if single else say("page.upstream_of", name=one.name), key=key,
        **showing(key, desks.seed_text(sitting.desk, form, one)),
        disabled=form.own_backward, on_change=_type_seed, args=(sitting, one.name, key),
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
    with st.container(key="presets", horizontal=True, vertical_alignment="center", gap="small"):
        key = "preset"
        st.segmented_control(
            say("page.preset"), PRESETS, key=key, **showing(key, sitting.desk.preset, "default"),
            format_func=lambda preset: say(f"page.preset.{preset}"), label_visibility="collapsed", required=True,
            on_change=_preset, args=(sitting, key),
        )  # fmt: skip
        if sitting.desk.preset == "one_hot":
            names, key = desks.entries(form.outputs), "entry"
            st.selectbox(
                say("page.entry"), range(len(names)), key=key,
                **showing(key, min(sitting.desk.entry, len(names) - 1), "index"),
                format_func=names.__getitem__, label_visibility="collapsed",
                on_change=_entry, args=(sitting, key),
            )  # fmt: skip


# --- what happens when somebody types ------------------------------------------------------------


def _type_program(sitting: Sitting, key: str) -> None:
    change(sitting, desks.with_program(sitting.desk, st.session_state[key]))


def _type_value(sitting: Sitting, name: str, key: str) -> None:
    change(sitting, desks.with_value(sitting.desk, name, st.session_state[key]))


def _slide(sitting: Sitting, name: str, key: str) -> None:
    change(sitting, desks.with_value(sitting.desk, name, f"{st.session_state[key]:.6g}"))


def _switch_leaf(sitting: Sitting, name: str, key: str) -> None:
    change(sitting, desks.with_leaf(sitting.desk, sitting.form, name, on=st.session_state[key]))


def _type_seed(sitting: Sitting, output: str, key: str) -> None:
    change(sitting, desks.with_seed(sitting.desk, sitting.form, output, st.session_state[key]))


def _preset(sitting: Sitting, key: str) -> None:
    change(sitting, desks.with_preset(sitting.desk, sitting.form, st.session_state[key], sitting.desk.entry))


def _entry(sitting: Sitting, key: str) -> None:
    change(sitting, desks.with_preset(sitting.desk, sitting.form, "one_hot", st.session_state[key]))


# --- small things --------------------------------------------------------------------------------


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
