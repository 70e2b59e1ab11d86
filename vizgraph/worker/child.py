"""Answer one job, stage by stage."""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from vizgraph import limits
from vizgraph.worker import confine, protocol, warm
from vizgraph.worker.attempt import DEFAULT_WANT, DRAWN
from vizgraph.worker.protocol import Data
from vizgraph.worker.warm import Stages

Say = Callable[[str, bytes], None]

_NO_MEMORY = ("not enough memory", "can't allocate memory", "bad_alloc")  # how torch words it


def live(job: Data, stages: Stages, pipe: int) -> NoReturn:
    """Answer the job over the pipe and end this process: the whole life of a forked child."""
    try:
        gc.disable()  # it ends before it could pay, and a collection copies the zygote's pages
        confine.keep_only(pipe)
        confine.confine(confine.data_in_use())
        answer(job, stages, partial(_say, pipe))
    finally:
        os._exit(0)


def wait(inbox: int, stages: Stages, pipe: int) -> NoReturn:
    """Rehearse, wait for a job and answer it: the life of a child that is forked ahead."""
    try:
        gc.disable()
        confine.keep_only(inbox, pipe)
        warm.rehearse(stages)
        confine.confine(confine.data_in_use())
        _say(pipe, protocol.WAITING, b"null")
        text = protocol.read_all(inbox)
        os.close(inbox)
        if text:
            _say(pipe, protocol.BEGUN, b"null")
            answer(protocol.read_job(text), stages, partial(_say, pipe))
    finally:
        os._exit(0)


def _say(pipe: int, word: str, payload: bytes) -> None:
    protocol.write_all(pipe, b"%s %s\n" % (word.encode("ascii"), payload))


def answer(job: Data, stages: Stages, say: Say) -> None:
    """Say each stage as it comes, then ``end``, or ``lost`` with the reason for giving up."""
    try:
        say(*_tell(job, stages, say))
    except MemoryError:
        say(protocol.LOST, b'"memory"')
    except Exception as error:
        text = str(error)
        if any(words in text for words in _NO_MEMORY):
            say(protocol.LOST, b'"memory"')
        else:
            say(protocol.NOTE, _note(error))
            say(protocol.LOST, b'"bug"')


def _tell(job: Data, stages: Stages, say: Say) -> tuple[str, bytes]:
    """Say the stages and return the last word."""
    want = tuple(job.get("want", DEFAULT_WANT))
    left = limits.ANSWER_BYTES
    ran = False
    # The program always has a stage of its own, so that drawing can be told from running.
    asked = want if want[:1] and want[0] not in DRAWN else ("form", *want)
    for name, data in stages({**job, "want": list(asked)}):
        if not ran:
            ran = True
            say(protocol.RAN, b"null")
        if name not in want and name != "refused":
            continue
        payload = protocol.dump(data)
        left -= len(payload)
        if left < 0:
            return protocol.LOST, b'"size"'
        say(name, payload)
    return protocol.END, b"null"


def _note(error: Exception) -> bytes:
    """One line for whoever runs the page; all of the traceback where VIZGRAPH_DEBUG is set."""
    if os.environ.get("VIZGRAPH_DEBUG"):
        return protocol.dump("".join(traceback.format_exception(error)))
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    where = f" at {Path(frames[0].filename).name}:{frames[0].lineno}" if frames else ""
    return protocol.dump(f"vizgraph: a stage failed with {type(error).__name__}{where}")
