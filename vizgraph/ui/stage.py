"""Mount the player, which lives in the browser, and hear the step at which it rests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from vizgraph import language, web
from vizgraph.ui import desk as desks
from vizgraph.ui import dialogue, links, patience
from vizgraph.ui.desk import Desk
from vizgraph.ui.guard import guarded
from vizgraph.ui.sitting import Sitting, change, edit, is_refused, last_edit, open_groups, undo
from vizgraph.ui.widgets import hear, heed

_modules = st.components.v2.component("vizgraph_code", js=web.code())
_player = st.components.v2.component(
    "vizgraph_player",
    css=web.looks(web.style(), Path(__file__).with_name("stage.css").read_text(encoding="utf-8")),
    js=web.entrance("player"),
)


def code() -> None:
    """What the player and the board run: sent with the page, and not again with every graph."""
    _modules(key="code")


@st.fragment
@guarded
def player(sitting: Sitting, page_runs: list[bool]) -> None:
    """The graph and its controls. A key that never changes keeps it mounted through every run of the page.

    ``page_runs`` is emptied by the run of the page that shows the player: when the player runs again
    by itself, it is because it was told something."""
    if heed(sitting):
        st.rerun()  # Streamlit had joined what was done on the page with what the player told
    # What was told is heard first: so the player shows the answer to it in this very run. A run of the page hears
    # it, too: one that was asked for while the player was told something takes the place of the player's own.
    news = _hear(sitting, st.session_state.get("player") or {})
    told_something = partial(hear, sitting, "player", _nothing)
    told = _player(
        key="player",
        data=data(sitting),
        on_step_change=told_something,
        on_view_change=told_something,
        on_picked_change=told_something,
        on_seed_change=told_something,
        on_outer_change=told_something,
        on_value_change=told_something,
        on_open_change=told_something,
        on_code_change=told_something,
    )
    if page_runs:
        page_runs.clear()
        return  # the step that was told belongs to an earlier program
    if told.step is not None:
        sitting.step = int(told.step)
    if told.view in ("math", "engine"):
        sitting.view = told.view
    sitting.behind = sitting.behind or news
    if not sitting.behind:
        links.write_address(sitting)
    elif patience.is_calm():
        st.rerun()  # the fields and the board follow; while a hand drags on, they would only be in the way of the graph


def _hear(sitting: Sitting, state: Mapping[str, Any]) -> bool:
    """Take over what was dragged to rest, typed or opened in the player, and ask the engine about it.

    Returns whether the fields of the page have to follow."""
    told = [state.get(name) for name in ("seed", "outer", "value", "open", "code")]
    news = sorted((one for one in told if one and one["number"] > sitting.told), key=lambda one: int(one["number"]))
    for one in news:
        sitting.told = int(one["number"])
        if one["key"] != sitting.key:
            continue  # it was about an earlier program
        if "groups" in one:
            open_groups(sitting, sitting.told, map(str, one["groups"]))
        elif "undo" in one:
            undo(sitting, sitting.told)
        elif "line" in one:
            edit(sitting, int(one["line"]), str(one.get("name", "")), _edited(sitting.desk, one))
        else:
            change(sitting, _changed(sitting, one))
    if news:
        dialogue.hear(sitting)
    return any("groups" not in one for one in news)


def _changed(sitting: Sitting, told: Mapping[str, Any]) -> Desk:
    """The desk with a v, an outer function or the value of an input from the player."""
    number = int(told["number"])
    if "seeds" in told:
        seeds = [[float(entry) for entry in seed] for seed in told["seeds"]]
        return desks.with_v(sitting.desk, sitting.form, number, seeds)
    if "text" in told:
        return desks.with_outer(sitting.desk, number, str(told["text"]))
    entries = [float(entry) for entry in told["entries"]]
    return desks.with_entries(sitting.desk, sitting.form, number, str(told["name"]), entries)


def _edited(desk: Desk, told: Mapping[str, Any]) -> Desk:
    """The desk with numbers of the player written into a line of the program: those of v, or of a tensor."""
    number, line, shape = int(told["number"]), int(told["line"]), [int(size) for size in told["shape"]]
    entries = [float(entry) for entry in told["entries"]]
    if "name" in told:
        return desks.with_numbers_written(desk, number, line, str(told["name"]), shape, entries)
    return desks.with_seed_written(desk, number, line, shape, entries)


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
        "refused": sitting.heard > 0 and is_refused(sitting),  # only the player that was heard is told
        "given": sitting.given,
        "code": _code(sitting),
    }


def _code(sitting: Sitting) -> dict[str, Any]:
    """In which lines the program writes its v, and the line that the player wrote into last."""
    last = last_edit(sitting)
    return {"seeds": list(language.seed_lines(sitting.desk.program)), "edited": None if last is None else last.line}


def _nothing() -> None:
    """The state is read when the player is shown; that it was told is news to `widgets.heed`."""
