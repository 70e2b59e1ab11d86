"""Run jobs in this process, one after the other, where it can't fork.

The client keeps the deadline: it kills this process and starts another. What a
job may allocate is limited from the start.
"""

from __future__ import annotations

import os
from functools import partial

from vizgraph.worker import confine, protocol
from vizgraph.worker.child import answer
from vizgraph.worker.warm import Stages


def serve(stages: Stages, source: int, sink: int) -> None:
    """Answer jobs until the input ends."""
    confine.confine_memory(confine.data_in_use())
    with os.fdopen(source, "rb") as lines:
        for text in lines:
            try:
                number, word, payload = protocol.read(text)
                job = protocol.read_job(payload)
            except (ValueError, RecursionError):
                continue  # no message of ours: there is nobody to answer
            if word == protocol.JOB:
                answer(job, stages, partial(_say, sink, number))


def _say(sink: int, number: int, word: str, payload: bytes) -> None:
    if word == protocol.NOTE:
        protocol.print_note(payload)
    else:
        protocol.write_all(sink, protocol.line(number, word, payload))
