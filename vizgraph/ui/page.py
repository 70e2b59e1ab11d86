"""Lay out the page: lessons at the side, what is typed beside what is played."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from vizgraph.texts import LANGUAGES, say, speaking
from vizgraph.ui import derivation, dialogue, fields, gallery, jobs, links, patience, reports, stage, theme
from vizgraph.ui.guard import guarded
from vizgraph.ui.sitting import Sitting, change, current
from vizgraph.ui.widgets import heed, showing

POLL_SECONDS: Final = 0.25
HEAD_START: Final = 0.04  # seconds in which a browser has painted the graph, or begun to


@guarded
def show() -> None:
    """Run the page once."""
    st.set_page_config(page_title="vizgraph", layout="wide")
    sitting = current()
    heed(sitting)
    with speaking(sitting.language):
        _show(sitting)


def _show(sitting: Sitting) -> None:
    st.html(theme.style(projector=sitting.projector))
    with st.sidebar:
        gallery.show(sitting)
        stage.code()
    _head(sitting)
    _desk(sitting, [True])


@st.fragment
@guarded
def _desk(sitting: Sitting, page_runs: list[bool]) -> None:
    """What is typed, the graph, and the board: what changes with every key runs without the rest of the page.

    ``page_runs`` is emptied by the run of the page that shows the desk. The graph goes to the browser first, alone,
    and is painted while the board is worked on: whatever else is shown would be drawn before it."""
    if page_runs:
        page_runs.clear()
    else:
        heed(sitting)
    with speaking(sitting.language):
        ready = jobs.ready()
        if ready:
            dialogue.hear(sitting)
        with st.container(key="desk", horizontal=True, gap="small"):
            inputs, main = st.container(key="inputs"), st.container(key="main")
        with main:
            status = st.container(key="status")
            with st.container(key="stage"):
                stage.player(sitting, [True])
        if sitting.rest is not None:
            patience.until(sitting.rest, HEAD_START)
        with status:
            reports.status(sitting, ready=ready)
        with inputs:
            _inputs(sitting)
        if sitting.changes != sitting.written:
            links.write_address(sitting)
        with st.container(key="derivation"):
            derivation.board(sitting)
    if not ready:
        _wait(sitting)
    elif not gallery.is_right(sitting) and patience.is_calm():
        st.rerun()


def _inputs(sitting: Sitting) -> None:
    fields.functions(sitting)
    reports.remedies(sitting)
    fields.values(sitting)
    fields.upstream(sitting)
    reports.printed(sitting)
    reports.lesson(sitting)


def _head(sitting: Sitting) -> None:
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        st.html(f"<h1>vizgraph</h1><p>{say('page.subtitle')}</p>")
        st.segmented_control(
            say("page.language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, required=True, width="content",
            label_visibility="collapsed",
            **showing(sitting, "language", sitting.language, partial(_speak, sitting), "default"),
        )  # fmt: skip
        st.toggle(
            say("page.projector"), width="content",
            **showing(sitting, "projector", sitting.projector, partial(_project, sitting)),
        )  # fmt: skip


def _speak(sitting: Sitting, language: str) -> None:
    sitting.language = language
    change(sitting, sitting.desk)


def _project(sitting: Sitting, on: bool) -> None:
    sitting.projector = on
    change(sitting, sitting.desk)


@st.fragment(run_every=POLL_SECONDS)
def _wait(sitting: Sitting) -> None:
    """Run the page again, once, as soon as the engine is warm."""
    if jobs.ready() and sitting.asked is None:
        st.rerun()
