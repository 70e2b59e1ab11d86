"""Tell how long a processor has worked for a child: on a busy machine less than the clock says."""

from __future__ import annotations

import sys
import time

_SCHEDULER = 2  # which of a process's clocks: all that it ran, in nanoseconds


def seconds_of(pid: int) -> float | None:
    """Seconds of processor time of a living process so far; None where the system does not tell (only Linux does).

    >>> import os
    >>> used = seconds_of(os.getpid())
    >>> used is None or used > 0
    True
    """
    if sys.platform != "linux":
        return None
    try:
        return time.clock_gettime(~pid << 3 | _SCHEDULER)  # what clock_getcpuclockid(3) makes of a number of a process
    except OSError:
        return None
