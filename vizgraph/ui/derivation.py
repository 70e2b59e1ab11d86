"""Mount the board below the player as soon as it is worked out; the graph never waits for it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from vizgraph import web
from vizgraph.ui import jobs, patience
from vizgraph.ui.guard import guarded
from vizgraph.ui.sitting import Sitting

_board = st.components.v2.component("vizgraph_board", css=web.looks(web.board_style()), js=web.entrance("board"))


@guarded
def board(sitting: Sitting) -> None:
    """The board of what the player shows. A key that never changes keeps it mounted through every run.

    Where the browser asks for more before the board is there, the run that answers that brings it."""
    rest = sitting.rest
    if rest is not None and patience.until(rest):
        if rest.replaced and sitting.rest is rest:  # and no newer graph came: the one on the page has no board yet
            rest = sitting.rest = jobs.again(rest, sitting.session)
        if patience.until(rest) and sitting.rest is rest:
            sitting.rest, sitting.board = None, jobs.board(rest)
    sitting.behind = sitting.rest is not None
    _board(key="board", data=data(sitting))


def data(sitting: Sitting) -> dict[str, Any]:
    """What the board shows, and how."""
    return {**(sitting.board or {}), "projector": sitting.projector}
