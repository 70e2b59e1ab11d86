"""Wait, but only for as long as the browser asks for nothing more."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from vizgraph.worker.job import Job

CHANCE: Final = 0.01  # seconds between two looks at whether the browser wants something
CALM: Final = 0.15  # seconds in which it asks for nothing more, after which the rest of the page follows


def until(job: Job, seconds: float = math.inf) -> bool:
    """Wait for the end of a job; False when the time is up, or the browser has asked for more."""
    return job.wait(CHANCE) or any(job.wait(CHANCE) for _ in _chances(seconds))


def is_calm(seconds: float = CALM) -> bool:
    """Wait, and say whether the browser asked for nothing meanwhile."""
    for _ in _chances(seconds):
        time.sleep(CHANCE)
    return not _is_asked()


def _chances(seconds: float) -> Iterator[None]:
    """Times to wait a little, until the time is up or the browser has asked for more.

    Streamlit stops a run for a newer one of the page where something is shown or the session is looked at; what is
    shown would be work for the browser, which has the graph to paint. It never stops one for a fragment.
    """
    ends = time.monotonic() + seconds
    while True:
        st.session_state.get("sitting")
        if _is_asked() or time.monotonic() > ends:
            return
        yield


def _is_asked() -> bool:
    """Whether a request waits for the end of this run. Streamlit has no public word for it."""
    context = get_script_run_ctx()
    requests = context.script_requests if context is not None else None
    return getattr(requests, "_state", None) is ScriptRequestType.RERUN
