"""Wait, but only for as long as the browser asks for nothing more."""

from __future__ import annotations

import time
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from vizgraph.worker.job import Job

CHANCE: Final = 0.01  # seconds between two looks at whether the browser wants something


def until(job: Job, seconds: float | None = None) -> bool:
    """Wait for the end of a job; False when the time is up, or the browser has asked for more.

    Streamlit stops a run for a newer one of the page where something is shown or the session is looked at; what is
    shown would be work for the browser, which has the graph to paint. It never stops one for a fragment.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    while not job.wait(CHANCE):
        st.session_state.get("sitting")
        if _is_asked() or (ends is not None and time.monotonic() > ends):
            return False
    return True


def is_calm(seconds: float) -> bool:
    """Wait, and say whether the browser asked for nothing meanwhile."""
    ends = time.monotonic() + seconds
    while not _is_asked():
        st.session_state.get("sitting")
        if time.monotonic() > ends:
            return True
        time.sleep(CHANCE)
    return False


def _is_asked() -> bool:
    """Whether a request waits for the end of this run. Streamlit has no public word for it."""
    context = get_script_run_ctx()
    requests = context.script_requests if context is not None else None
    return getattr(requests, "_state", None) is ScriptRequestType.RERUN
