"""A run of the page waits, but not while the browser wants something else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import ScriptRunContext, add_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.state import SafeSessionState, SessionState

from vizgraph.ui import patience
from vizgraph.worker.job import Job

LONG = 600.0  # seconds: more than any test has


@pytest.fixture
def requests() -> Iterator[ScriptRequests]:
    """What Streamlit keeps of the requests of a browser, while a run of its page is this thread."""
    kept = ScriptRequests()
    thread = threading.current_thread()
    state = SafeSessionState(SessionState(), lambda: None)
    add_script_run_ctx(
        thread,
        ScriptRunContext(
            "", lambda message: None, "", state, MemoryUploadedFileManager(""), "", {}, MemoryFragmentStorage(),
            PagesManager(""), script_requests=kept,
        ),
    )  # fmt: skip
    yield kept
    del thread.streamlit_script_run_ctx  # type: ignore[attr-defined]


@pytest.fixture
def job() -> Job:
    return Job(1, {}, None, lambda job: None)


def later(act: Callable[[], object]) -> None:
    threading.Timer(0.05, act).start()


def test_it_waits_for_the_end_of_a_job(requests: ScriptRequests, job: Job) -> None:
    later(job.finish)
    assert patience.until(job, LONG)


def test_it_waits_no_longer_than_it_was_told(requests: ScriptRequests, job: Job) -> None:
    assert not patience.until(job, 0.0)


@pytest.mark.parametrize("fragment", [{"fragment_id": "one"}, {}], ids=["of a fragment", "of the page"])
def test_it_ends_where_the_browser_asks_for_more(requests: ScriptRequests, job: Job, fragment: dict[str, str]) -> None:
    later(lambda: requests.request_rerun(RerunData(**fragment)))
    assert not patience.until(job)


def test_a_hand_that_rests_is_calm(requests: ScriptRequests) -> None:
    assert patience.is_calm(0.0)


def test_a_hand_that_goes_on_is_not(requests: ScriptRequests) -> None:
    later(lambda: requests.request_rerun(RerunData(fragment_id="one")))
    assert not patience.is_calm(LONG)
