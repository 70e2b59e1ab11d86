"""Time things and print each figure as one aligned line, beside its floor or peer and its goal."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

LINE = "{:<54} {:>12}   {:<46} {}"


def head() -> None:
    print(LINE.format("what", "median", "beside, in the same run", "goal"), flush=True)
    print(LINE.format("-" * 54, "-" * 12, "-" * 46, "-" * 12), flush=True)


def row(what: str, measured: str, beside: str = "", goal: str = "") -> None:
    print(LINE.format(what, measured, beside, goal).rstrip(), flush=True)


def milliseconds(run: Callable[[], object], times: int = 20, before: int = 3, pause: float = 0.0) -> float:
    """The median time of ``times`` runs, ``pause`` seconds apart, after ``before`` runs that don't count."""
    for _ in range(before):
        run()
    measured = []
    for _ in range(times):
        time.sleep(pause)
        measured.append(once(run))
    return statistics.median(measured)


def once(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return 1e3 * (time.perf_counter() - start)


def ms(number: float) -> str:
    """
    >>> ms(12.345)
    '12.3 ms'
    """
    return f"{number:.1f} ms"
