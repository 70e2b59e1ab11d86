"""Offer the lessons, grouped by theme, one click each."""

from __future__ import annotations

from functools import partial

import streamlit as st

from vizgraph import lessons
from vizgraph.ui.sitting import Sitting, open_lesson
from vizgraph.ui.widgets import showing


def show(sitting: Sitting) -> None:
    """One list per theme; the lesson that is laid out is the chosen one.

    The themes are closed but for those from which a lesson was opened: what has once been opened stays, so
    that nothing moves under the pointer."""
    sitting.marked = sitting.desk.lesson
    current = lessons.lesson(sitting.desk.lesson) if sitting.desk.lesson else None
    if current is not None:
        sitting.themes.add(current.group)
    with st.container(key="gallery", gap=None):
        for group, members in lessons.groups().items():
            titles = {one.id: one.title for one in members}
            chosen = sitting.desk.lesson if sitting.desk.lesson in titles else None
            with st.expander(lessons.theme(group), expanded=group in sitting.themes):
                st.pills(
                    lessons.theme(group), list(titles), format_func=titles.__getitem__, label_visibility="collapsed",
                    **showing(sitting, f"lessons {group}", chosen, partial(_choose, sitting), "default"),
                )  # fmt: skip


def is_right(sitting: Sitting) -> bool:
    """Whether the lesson that is marked is the one that is laid out."""
    return sitting.marked == sitting.desk.lesson


def _choose(sitting: Sitting, id: str | None) -> None:
    """Open what was clicked; a click on the chosen one (which unselects it) opens it again."""
    clicked = id or sitting.desk.lesson
    if clicked is not None:
        open_lesson(sitting, clicked)
