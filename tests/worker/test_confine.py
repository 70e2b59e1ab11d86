"""What of the system is left to a job."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from vizgraph.worker import Zygote

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have fewer limits")


def test_a_job_opens_no_file_no_pipe_and_no_second_descriptor(forking: Zygote) -> None:
    reached = forking.ask({"want": ["form"], "faults": {"form": "reach"}})["form"]
    assert set(reached) == {"file", "pipe", "descriptor", "socket"}
    assert set(reached.values()) == {"OSError"}


def test_a_job_holds_its_own_pipe_and_nothing_of_other_jobs(forking: Zygote) -> None:
    others = [forking.submit({"want": ["form"], "faults": {"form": "endless_loop"}}) for _ in range(2)]
    held = forking.ask({"want": ["form"], "faults": {"form": "held"}})["form"]
    for other in others:
        other.cancel()
    assert len(held["pipes"]) == 1
    assert held["standard"] == [os.devnull] * 3


def test_memory_in_use_is_what_the_kernel_counts() -> None:
    program = (  # in a process of its own: one that has run for long has freed memory to give
        "from vizgraph.worker import confine; before = confine.data_in_use()\n"
        "kept = bytearray(2**26)\n"
        "print(confine.data_in_use() - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert 2**26 <= int(done.stdout) < 2**26 + 2**23


def test_a_process_is_refused_memory_above_its_limit() -> None:
    program = (
        "from vizgraph.worker import confine; confine.confine_memory(confine.data_in_use())\n"
        "kept = bytearray(2**28)\n"
        "try: bytearray(2**29)\n"
        "except MemoryError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
