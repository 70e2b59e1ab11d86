"""Make widgets show what the sitting holds: it is the truth, and they follow it."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st

from vizgraph.ui.sitting import Sitting

Tell = Callable[[Any], None]

ECHO_SECONDS: Final = 1.0  # in which a widget's old content is an echo, whatever comes with it
LATE_SECONDS: Final = 60.0  # in which it is one where something else was asked for: a slow browser answers late


def showing(
    sitting: Sitting,
    name: str,
    value: Any,
    tell: Tell,
    word: str = "value",
    same: Callable[[Any, Any], bool] = operator.eq,
) -> dict[str, Any]:
    """The arguments with which the widget ``name`` shows ``value``; what a visitor makes of it goes to ``tell``.

    A widget on the page is only set where it shows something else, because setting overwrites what somebody may
    just be typing. Else it is given what it holds as its beginning, each time: a slow browser draws only the second
    of two runs, and a widget that it sees there for the first time would begin with nothing. For the same reason
    what was just set is set again.
    """
    held = st.session_state.get(name, value)
    is_there = name in st.session_state
    is_set = is_there and _was_replaced(sitting, name, ECHO_SECONDS)
    if is_there and not same(held, value):
        sitting.replaced[name] = (time.monotonic(), held)
        held, is_set = value, True
    if is_set:
        st.session_state[name] = held
    sitting.shown[name] = held
    begins = {} if is_set else {word: held}
    return {"key": name, **begins, "on_change": hear, "args": (sitting, name, partial(_typed, sitting, name, tell))}


def _was_replaced(sitting: Sitting, name: str, seconds: float) -> bool:
    """Whether it was set to something else within the last ``seconds``."""
    return name in sitting.replaced and time.monotonic() - sitting.replaced[name][0] < seconds


def hear(sitting: Sitting, source: str, act: Callable[[], None]) -> None:
    """Note that a visitor did something; `heed` acts on it when all that came with this request is known."""
    sitting.news.append((source, act))


def heed(sitting: Sitting) -> bool:
    """Act on what came with a request, but not on what a browser only echoes; say whether it changed the page.

    A browser that has not heard yet that a widget was set sends its old content along with whatever
    it asks next, and the new one the time after: neither is typing.
    """
    (news, sitting.news), before = (sitting.news, []), sitting.changes
    for source, act in news:
        if not _is_echo(sitting, source, alone=all(other == source for other, _ in news)):
            act()
    return sitting.changes != before


def _is_echo(sitting: Sitting, name: str, *, alone: bool) -> bool:
    recent = _was_replaced(sitting, name, ECHO_SECONDS if alone else LATE_SECONDS)
    return recent and bool(st.session_state[name] == sitting.replaced[name][1])


def _typed(sitting: Sitting, name: str, tell: Tell) -> None:
    content = st.session_state[name]
    if content != sitting.shown.get(name):
        sitting.shown[name] = content
        tell(content)
