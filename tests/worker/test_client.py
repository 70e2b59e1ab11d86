"""One zygote for many threads and sessions: it answers, forgets, is killed, and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.zygote import holdings
from vizgraph import limits
from vizgraph.worker import Zygote

WANT = ["form", "player"]


def good(number: int) -> dict[str, Any]:
    return {"want": WANT, "number": number}


def answer(number: int) -> dict[str, Any]:
    return {stage: {"answer": number**2, "layout": None} for stage in WANT}


def hanging(mark: Path, number: int = 5) -> dict[str, Any]:
    """A job whose first child delivers the form and hangs at the player; the second, if any, is right."""
    return {"want": WANT, "number": number, "mark": str(mark)}


def wait_until(state: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not state():
        assert time.monotonic() < end, "the state did not come"
        time.sleep(0.005)


def child_of(mark: Path) -> int:
    """The process of the job that hangs at this mark, once it does."""
    wait_until(lambda: mark.is_dir() and list(mark.iterdir()))
    return int(next(mark.iterdir()).name)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_thirty_jobs_of_ten_threads_get_each_its_own_answer(forking: Zygote) -> None:
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda number: forking.ask(good(number)), range(30)))
    assert answers == [answer(number) for number in range(30)]


def test_the_zygote_starts_at_once_and_takes_jobs_before_it_is_ready(stages_here: None) -> None:
    with Zygote(stages="faulty:stages") as zygote:
        job = zygote.submit(good(3))
        assert not job.done
        assert job.result() == answer(3)
        assert zygote.ready


def test_stages_are_read_as_they_come_and_again_later(forking: Zygote, tmp_path: Path) -> None:
    job = forking.submit(hanging(tmp_path / "mark"))
    stages = job.stages()
    assert next(stages) == ("form", {"answer": 25, "layout": None})
    assert not job.done
    job.cancel()
    assert next(stages)[0] == "refused"
    assert next(stages, None) is None
    assert [name for name, _ in job] == ["form", "refused"]


def test_of_one_session_the_latest_job_counts_and_the_child_of_the_earlier_is_killed(
    forking: Zygote, tmp_path: Path
) -> None:
    earlier = forking.submit(hanging(tmp_path / "earlier"), session="a")
    other = forking.submit(hanging(tmp_path / "other"), session="b")
    child, others = child_of(tmp_path / "earlier"), child_of(tmp_path / "other")
    assert forking.ask(good(4), session="a") == answer(4)
    assert earlier.result()["refused"]["message"] == "This run was replaced by a newer one."
    wait_until(lambda: is_gone(child))
    assert not is_gone(others)
    other.cancel()


def test_a_job_that_still_waits_is_replaced_too(forking: Zygote, tmp_path: Path) -> None:
    busy = [forking.submit(hanging(tmp_path / str(number))) for number in range(limits.JOBS_AT_ONCE)]
    for number in range(limits.JOBS_AT_ONCE):
        child_of(tmp_path / str(number))
    waiting = forking.submit(good(3), session="a")
    latest = forking.submit(good(4), session="a")
    assert waiting.result()["refused"]["message"] == "This run was replaced by a newer one."
    assert not latest.done
    for job in busy:
        job.cancel()
    assert latest.result() == answer(4)


def test_no_more_children_run_at_once_than_may(forking: Zygote, tmp_path: Path) -> None:
    marks = [tmp_path / str(number) for number in range(limits.JOBS_AT_ONCE + 1)]
    jobs = [forking.submit(hanging(mark)) for mark in marks]
    for mark in marks[:-1]:
        child_of(mark)
    assert not marks[-1].exists()
    jobs[0].cancel()
    child_of(marks[-1])
    for job in jobs:
        job.cancel()


def test_a_zygote_killed_in_the_middle_of_a_job_comes_back_and_finishes_it(forking: Zygote, tmp_path: Path) -> None:
    job = forking.submit(hanging(tmp_path / "mark"))
    child, killed = child_of(tmp_path / "mark"), forking.pid
    os.kill(killed, signal.SIGKILL)
    assert job.result() == answer(5)
    assert forking.pid != killed
    wait_until(lambda: is_gone(child))  # the kernel ends the child with its zygote


def test_a_job_whose_zygote_is_killed_twice_is_refused(forking: Zygote, tmp_path: Path) -> None:
    job = forking.submit(hanging(tmp_path / "mark"))
    child_of(tmp_path / "mark")
    for child in (tmp_path / "mark").iterdir():
        child.rmdir()
    (tmp_path / "mark").rmdir()  # so that the second child hangs too
    os.kill(forking.pid, signal.SIGKILL)
    child_of(tmp_path / "mark")
    os.kill(forking.pid, signal.SIGKILL)
    assert job.result()["refused"]["message"] == "The calculation was interrupted from outside."
    assert forking.ask(good(6)) == answer(6)


def test_an_idle_zygote_that_is_killed_is_started_again(forking: Zygote) -> None:
    assert forking.ask(good(2)) == answer(2)
    killed = forking.pid
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: forking.pid not in (killed, None) and forking.ready)
    assert forking.ask(good(3)) == answer(3)


def test_the_child_that_waits_may_be_killed(forking: Zygote) -> None:
    def children() -> set[str]:
        return set(Path(f"/proc/{forking.pid}/task/{forking.pid}/children").read_text().split())

    for number in range(3):  # as often as the zygote tries to have one
        wait_until(children)
        for child in children():
            os.kill(int(child), signal.SIGKILL)
        assert forking.ask(good(number)) == answer(number)
    assert forking.ask(good(7)) == answer(7)


def test_what_can_not_be_started_is_told_and_not_waited_for(capfd: pytest.CaptureFixture[str]) -> None:
    with Zygote(stages="no_such_module:stages") as zygote:
        assert not zygote.wait_ready(20)
        assert zygote.ask(good(1))["refused"]["message"] == "The calculation could not be started."
    assert "Traceback" not in capfd.readouterr().err


def test_closing_ends_the_process_and_every_job(stages_here: None, tmp_path: Path) -> None:
    zygote = Zygote(stages="faulty:stages").start()
    assert zygote.wait_ready(20)
    job, pid = zygote.submit(hanging(tmp_path / "mark")), zygote.pid
    child = child_of(tmp_path / "mark")
    zygote.close()
    assert "refused" in job.result()
    assert pid is not None
    wait_until(lambda: is_gone(pid) and is_gone(child))
    with pytest.raises(RuntimeError, match="closed"):
        zygote.submit(good(1))


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "sys.exit()", "os._exit(0)"])
def test_a_zygote_ends_with_the_process_that_started_it(stages_here: None, end: str) -> None:
    program = (
        "import os, sys; from vizgraph.worker import Zygote; z = Zygote(stages='faulty:stages').start()\n"
        f"z.wait_ready(20); print(z.pid, flush=True); {end}"
    )
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.stderr == ""
    wait_until(lambda: is_gone(int(done.stdout)))


def test_what_is_no_job_is_the_mistake_of_the_caller(forking: Zygote) -> None:
    with pytest.raises(TypeError, match="JSON"):
        forking.submit({"values": {"x": object()}})
    with pytest.raises(ValueError, match="list of names"):
        forking.submit({"want": "form"})
    assert forking.ask(good(3)) == answer(3)


@pytest.mark.parametrize("fork", [True, False])
def test_large_jobs_and_large_answers_arrive_whole(stages_here: None, fork: bool) -> None:
    text = "é" * 200_000
    with Zygote(stages="faulty:stages", fork=fork) as zygote:
        for _ in range(3):
            assert zygote.ask({"want": ["form"], "echo": text})["form"]["echo"] == text[:150_000]


def test_without_fork_only_jobs_of_the_past_are_forgotten_with_the_process(
    stages_here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vizgraph.worker.client.JOBS_PER_PROCESS", 3)
    with Zygote(stages="faulty:stages", fork=False) as zygote, ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda number: zygote.ask(good(number)), range(10)))
    assert answers == [answer(number) for number in range(10)]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="other systems do not tell who the children are")
def test_the_next_job_finds_a_child_that_waits_while_a_board_is_still_worked_on(forking: Zygote) -> None:
    slow = forking.submit({"want": [*WANT, "board"], "number": 3, "faults": {"board": "endless_loop"}})
    stages = iter(slow)
    assert [next(stages)[0] for _ in WANT] == WANT
    wait_until(lambda: holdings(forking)[0] == 2)
    assert forking.ask(good(4)) == answer(4)
    slow.cancel()
