"""Answer jobs with the faults that a real child can have; the zygote of the tests runs these stages."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def stages(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """``job["faults"]`` says what happens instead of, or before, which stage."""
    for name in job["want"]:
        fault = job.get("faults", {}).get(name)
        if fault is not None and not (job.get("layout") == "rows" and job.get("rows_hold", True)):
            yield from FAULTS[fault](job)
        yield name, {"answer": job.get("number", 0) ** 2, "layout": job.get("layout")}


def endless_loop(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    while True:
        pass
    yield


def endless_power(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    9**9**9  # one call into C that never looks at a signal
    yield


def segfault(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    os.kill(os.getpid(), signal.SIGSEGV)
    yield


def hoard(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    held = [bytes(2**26) for _ in range(160)]  # 10 GB
    yield "form", len(held)


def hoard_tensors(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    import torch

    yield "form", torch.ones(10**10).sum().item()


def chatter(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "form", "x" * 2**22


def flood(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Go round the child's own count, as a child would that somebody else has taken over."""
    while True:
        os.write(_pipe(), b"x" * 2**16)
    yield


def forge(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    os.write(_pipe(), b"\xff\xfe 1 forged\nform\n")
    time.sleep(60)
    yield


def not_a_number(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "form", float("nan")


def mistake(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    raise TypeError("<b>/secret/path.py</b>")
    yield


def refuse(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "refused", {"message": "No such function.", "line": 1, "column": 5, "hint": "write sin"}
    os._exit(0)  # nothing after a refusal is needed


def open_files(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Tell what of the system a job can reach."""
    yield "form", {what: _attempt(action) for what, action in REACHES.items()}


def _attempt(action: Any) -> str:
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "reached"


def _pipe() -> int:
    return max(int(name) for name in PIPES if _is_open(int(name)))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


PIPES = range(3, 200)
REACHES = {"file": lambda: Path("/etc/passwd").open().close(), "pipe": os.pipe, "descriptor": lambda: os.dup(2)}
FAULTS = {
    function.__name__: function
    for function in (
        endless_loop, endless_power, segfault, hoard, hoard_tensors, chatter,
        flood, forge, not_a_number, mistake, refuse, open_files,
    )
}  # fmt: skip
