"""Mount the player, which lives in the browser, and hear the step at which it rests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from vizgraph import web
from vizgraph.ui import desk as desks
from vizgraph.ui import links
from vizgraph.ui.guard import guarded
from vizgraph.ui.sitting import Sitting, change

_player = st.components.v2.component(
    "vizgraph_player",
    css=f"{web.style()}\n{Path(__file__).with_name('stage.css').read_text(encoding='utf-8')}",
    js=web.script(),
)


@st.fragment
@guarded
def player(sitting: Sitting, page_runs: list[bool]) -> None:
    """The graph and its controls. A key that never changes keeps it mounted through every run of the page.

    ``page_runs`` is emptied by the run of the page that shows the player: when the player runs again
    by itself, it is because it was told something."""
    told = _player(
        key="player",
        data=data(sitting),
        on_step_change=_nothing,
        on_view_change=_nothing,
        on_picked_change=_nothing,
        on_seed_change=_nothing,
        on_outer_change=_nothing,
    )
    if page_runs:
        page_runs.clear()
        return  # what was told belongs to an earlier program
    if told.step is not None:
        sitting.step = int(told.step)
    if told.view in ("math", "engine"):
        sitting.view = told.view
    links.write_address(sitting)
    if told.seed is not None:
        _hear_v(sitting, told.seed)
    if told.outer is not None:
        _hear_outer(sitting, told.outer)


def _hear_v(sitting: Sitting, told: dict[str, Any]) -> None:
    """Take over a v that was dragged to rest: a real backward pass is to confirm what the browser computed."""
    number = int(told["number"])
    if number > sitting.told:
        sitting.told = number
        seeds = [[float(entry) for entry in seed] for seed in told["seeds"]]
        change(sitting, desks.with_v(sitting.desk, sitting.form, number, seeds))
        st.rerun()


def _hear_outer(sitting: Sitting, told: dict[str, Any]) -> None:
    """Take over an outer function that was typed: its gradient at the outputs becomes v."""
    number = int(told["number"])
    if number > sitting.told:
        sitting.told = number
        change(sitting, desks.with_outer(sitting.desk, number, str(told["text"])))
        st.rerun()


def data(sitting: Sitting) -> dict[str, Any]:
    """The payload with what is the page's own: the same from one step to the next, so that it travels once."""
    if sitting.payload is None:
        return {}
    step, view = sitting.entrance
    return {
        **sitting.payload,
        "key": sitting.key,
        "step": step,
        "view": view,
        "projector": sitting.projector,
        "heard": sitting.heard,
    }


def _nothing() -> None:
    """Streamlit keeps only the state of names that have a callback."""
