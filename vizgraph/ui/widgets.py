"""Make widgets show what the sitting holds: it is the truth, and they follow it."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from vizgraph.ui.sitting import Sitting

Tell = Callable[[Any], None]

ECHO_SECONDS: Final = 1.0


def showing(
    sitting: Sitting,
    name: str,
    value: Any,
    tell: Tell,
    word: str = "value",
    same: Callable[[Any, Any], bool] = operator.eq,
) -> dict[str, Any]:
    """The arguments with which the widget ``name`` shows ``value``; what a visitor makes of it goes to ``tell``.

    A new widget begins with the value, as its argument ``word``. One that is on the page is only set
    where it shows something else, because setting overwrites what somebody may just be typing.
    """
    held = st.session_state.get(name, value)
    if name in st.session_state and not same(held, value):
        sitting.replaced[name] = (time.monotonic(), held)
        st.session_state[name] = held = value
    sitting.shown[name] = held
    begins = {} if name in st.session_state else {word: value}
    return {"key": name, **begins, "on_change": _hear, "args": (sitting, name, tell)}


def _hear(sitting: Sitting, name: str, tell: Tell) -> None:
    """Tell what was typed, but not what a browser only echoes.

    A browser that has not heard yet that a widget was set sends its old content along with whatever
    it asks next, and the new one the time after: neither is typing.
    """
    content = st.session_state[name]
    when, old = sitting.replaced.get(name, (-ECHO_SECONDS, None))
    echoes = content == old and time.monotonic() - when < ECHO_SECONDS
    if content != sitting.shown.get(name) and not echoes:
        sitting.shown[name] = content
        tell(content)
