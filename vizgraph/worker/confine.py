"""Take from a process what a job does not need: memory, files, processes, time.

Each limit is set where the system has it. Where one can't be set the others and
the deadline still hold.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import sys
from pathlib import Path

from vizgraph import limits

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

_PR_SET_PDEATHSIG = 1
_HIGHEST = 1024  # a zygote has a few dozen descriptors


def data_in_use() -> int | None:
    """Bytes of private memory of this process as RLIMIT_DATA counts them, None where it can't be told."""
    try:
        fields = Path("/proc/self/status").read_text("ascii").split()
        return int(fields[fields.index("VmData:") + 1]) * 1024
    except (OSError, ValueError):
        return None


def load_libc() -> ctypes.CDLL | None:
    """Return the C library where a process can ask to end with the one that forked it (Linux)."""
    return ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with(maker: int, libc: ctypes.CDLL | None) -> None:
    """Have the kernel kill this process when ``maker``, which forked it, is gone."""
    if libc is not None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != maker:
            os._exit(1)


def keep_only(*descriptors: int) -> None:
    """Close every descriptor but these and the standard three, which lead nowhere."""
    os.dup2(0, 2)
    start = 3
    for kept in sorted(descriptors):
        os.closerange(start, kept)
        start = kept + 1
    os.closerange(start, _HIGHEST)


def confine(data: int | None, jobs: int = 1) -> None:
    """Limit a process that runs one job, or so many; ``data`` is what it had before the first."""
    confine_memory(data)
    _limit(getattr(resource, "RLIMIT_CORE", None), 0)
    _limit(getattr(resource, "RLIMIT_FSIZE", None), 0)
    _limit(getattr(resource, "RLIMIT_NPROC", None), 0)
    _limit(getattr(resource, "RLIMIT_NOFILE", None), 0)
    seconds = jobs * (math.ceil(limits.WALL_SECONDS) + 1)  # for the case that nobody is left to keep the deadline
    _limit(getattr(resource, "RLIMIT_CPU", None), seconds)


def confine_memory(data: int | None) -> None:
    """Limit what a process may allocate on top of the ``data`` bytes that it had."""
    if data is not None:
        _limit(getattr(resource, "RLIMIT_DATA", None), data + limits.DATA_BYTES)


def _limit(kind: int | None, most: int) -> None:
    if kind is not None:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))
