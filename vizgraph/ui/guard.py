"""End a mistake of ours in one sentence, never in a traceback."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from vizgraph.texts import say

P = ParamSpec("P")


def guarded(show: Callable[P, None]) -> Callable[P, None]:
    """``show``, whose exceptions go to the log; the page says that something of ours failed."""

    @functools.wraps(show)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            show(*args, **kwargs)
        except Exception:
            logging.getLogger(__name__).exception("the page failed")
            st.text(say("page.bug"))

    return shown
