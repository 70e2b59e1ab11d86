"""Make widgets show what the sitting holds: it is the truth, and they follow it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import streamlit as st

from vizgraph.ui.sitting import Sitting

Tell = Callable[[Any], None]


def showing(
    sitting: Sitting,
    name: str,
    value: Any,
    tell: Tell,
    word: str = "value",
    same: Callable[[Any, Any], bool] = operator.eq,
) -> dict[str, Any]:
    """The arguments with which the widget ``name`` shows ``value``; what a visitor makes of it goes to ``tell``.

    A new widget begins with the value, as its argument ``word``. One that shows something else is
    replaced by a new one, never set: a browser that has not heard yet sends the old content along
    with whatever it asks next, and that would pass for typing.
    """
    key = _key(sitting, name)
    if key in st.session_state and not same(st.session_state[key], value):
        sitting.versions[name] = sitting.versions.get(name, 0) + 1
        key = _key(sitting, name)
    begins = {} if key in st.session_state else {word: value}
    return {"key": key, **begins, "on_change": _hear, "args": (sitting, name, key, tell)}


def _hear(sitting: Sitting, name: str, key: str, tell: Tell) -> None:
    if key == _key(sitting, name):
        tell(st.session_state[key])


def _key(sitting: Sitting, name: str) -> str:
    return f"{name} {sitting.versions.get(name, 0)}"
