"""Offer the lessons, grouped by theme, one click each."""

from __future__ import annotations

from functools import partial

import streamlit as st

from vizgraph import lessons
from vizgraph.ui.sitting import Sitting, open_lesson
from vizgraph.ui.widgets import showing


def show(sitting: Sitting) -> None:
    """One list per theme; the lesson that is laid out is the chosen one."""
    with st.container(key="gallery"):
        for theme, members in lessons.groups().items():
            titles = {one.id: one.title for one in members}
            chosen = sitting.desk.lesson if sitting.desk.lesson in titles else None
            st.pills(
                theme, list(titles), format_func=titles.__getitem__,
                **showing(sitting, f"lessons {theme}", chosen, partial(_choose, sitting), "default"),
            )  # fmt: skip


def _choose(sitting: Sitting, id: str | None) -> None:
    """Open what was clicked; a click on the chosen one (which unselects it) opens it again."""
    clicked = id or sitting.desk.lesson
    if clicked is not None:
        open_lesson(sitting, clicked)
