"""Answer jobs with the faults that a real child can have; the zygote of the tests runs these stages."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

Stages: TypeAlias = Iterator[tuple[str, Any]]


def stages(job: dict[str, Any]) -> Stages:
    """``job["faults"]`` says what happens instead of, or before, which stage."""
    for name in job["want"]:
        fault = job.get("faults", {}).get(name)
        if fault is not None and not (job.get("layout") == "rows" and job.get("rows_hold", True)):
            yield from FAULTS[fault](name)
        elif hangs(job.get("mark"), name):
            signal.pause()
        elif "echo" in job:
            yield name, {"echo": job["echo"][:150_000]}
        else:
            yield name, {"answer": job.get("number", 0) ** 2, "layout": job.get("layout")}


def differs_in_a_child(job: dict[str, Any]) -> Stages:
    yield "form", {"own process": os.getpid() == ZYGOTE}


def dies_in_a_child(job: dict[str, Any]) -> Stages:
    if os.getpid() != ZYGOTE:
        os.kill(os.getpid(), signal.SIGSEGV)
    yield "form", {}


def hangs(mark: str | None, name: str) -> bool:
    """Whether this is the first time that ``mark`` is met; it leaves its process number there.

    A job can open no file, but it can make a directory.
    """
    if mark is None or name != "player":
        return False
    try:
        Path(mark).mkdir()
    except FileExistsError:
        return False
    Path(mark, str(os.getpid())).mkdir()
    return True


def endless_loop(name: str) -> Stages:
    while True:
        pass
    yield


def endless_power(name: str) -> Stages:
    9**9**9  # one call into C that never looks at a signal
    yield


def segfault(name: str) -> Stages:
    os.kill(os.getpid(), signal.SIGSEGV)
    yield


def hoard(name: str) -> Stages:
    held = [bytes(2**26) for _ in range(160)]  # 10 GB
    yield name, len(held)


def chatter(name: str) -> Stages:
    yield name, "x" * 2**22


def flood(name: str) -> Stages:
    """Go round the child's own count, as a child would that somebody else has taken over."""
    while True:
        os.write(_pipe(), b"x" * 2**16)
    yield


def forge(name: str) -> Stages:
    os.write(_pipe(), b"\xff\xfe 1 forged\nform\n")
    time.sleep(60)
    yield


def not_a_number(name: str) -> Stages:
    yield name, float("nan")


def mistake(name: str) -> Stages:
    raise TypeError("<b>/secret/path.py</b>")
    yield


def refuse(name: str) -> Stages:
    yield "refused", {"message": "No such function.", "line": 1, "column": 5, "hint": "write sin"}
    os._exit(0)  # nothing after a refusal is needed


def vanish(name: str) -> Stages:
    os._exit(0)
    yield


def reach(name: str) -> Stages:
    """Tell what of the system a job can reach."""
    yield name, {what: _attempt(action) for what, action in REACHES.items()}


def held(name: str) -> Stages:
    """Tell which descriptors a job holds; links can be read where nothing can be opened."""
    standard = [str(Path(f"/proc/self/fd/{number}").readlink()) for number in range(3)]
    yield name, {"standard": standard, "pipes": [number for number in PIPES if _is_open(number)]}


def _attempt(action: Callable[[], object]) -> str:
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "reached"


def _pipe() -> int:
    return max(number for number in PIPES if _is_open(number))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


ZYGOTE = os.getpid()
PIPES = range(3, 1024)
REACHES: dict[str, Callable[[], object]] = {
    "file": lambda: Path("/etc/passwd").open().close(),
    "pipe": os.pipe,
    "descriptor": lambda: os.dup(2),
    "socket": socket.socket,
}
FAULTS = {
    function.__name__: function
    for function in (
        endless_loop, endless_power, segfault, vanish, hoard, chatter,
        flood, forge, not_a_number, mistake, refuse, reach, held,
    )
}  # fmt: skip
