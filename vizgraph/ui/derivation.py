"""Mount the board below the player as soon as it is worked out; the graph never waits for it."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from vizgraph import web
from vizgraph.ui import jobs
from vizgraph.ui.guard import guarded
from vizgraph.ui.sitting import Sitting
from vizgraph.worker.job import Job

PATIENCE: Final = 0.01  # seconds between two chances for a newer run of the page to begin

_board = st.components.v2.component("vizgraph_board", css=web.board_style(), js=web.board_script())


@guarded
def board(sitting: Sitting) -> None:
    """The board of what the player shows. A key that never changes keeps it mounted through every run."""
    rest = sitting.rest
    if rest is not None:
        _wait(rest)
        if rest.replaced and sitting.rest is rest:  # and no newer graph came: the one on the page has no board yet
            rest = sitting.rest = jobs.again(rest, sitting.session)
            _wait(rest)
        if sitting.rest is rest:
            sitting.rest, sitting.board = None, jobs.board(rest)
    _board(key="board", data=data(sitting))


def _wait(rest: Job) -> None:
    """Wait for the end of a job.

    Streamlit stops a run for a newer one where something is shown or the session is looked at; what is shown
    would be work for the browser, which has the graph to paint."""
    while not rest.wait(PATIENCE):
        st.session_state.get("sitting")


def data(sitting: Sitting) -> dict[str, Any]:
    """What the board shows, and how."""
    return {**(sitting.board or {}), "projector": sitting.projector}
