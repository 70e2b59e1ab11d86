"""Time the interpreter on every program of the tests, beside Python running the same text in the same process.

Python compiles and runs the text. The interpreter reads and checks it, and evaluates it with all that evaluating
costs here: counted steps, gates before every call, places, and the frozen value of everything that is made. What
Python has no counterpart for is the second line: the record of the backward passes with local Jacobians, and the
graph. Both are warm, on one thread, without Python's garbage collector, and the best of some runs, taking turns.
"""

from __future__ import annotations

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

import contextlib
import gc
import io
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import torch

from bench import table
from vizgraph import engine, language
from vizgraph.engine.evaluation.faults import ProgramError
from vizgraph.engine.evaluation.interpreter import Interpreter
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.session import Session
from vizgraph.engine.run import OwnState

PROGRAMS = sorted((Path(__file__).parents[1] / "tests" / "programs").glob("*/*.py"))
TIMES = 5


def main() -> None:
    torch.set_num_threads(1)
    gc.collect()
    gc.freeze()
    gc.disable()  # as in a child of the zygote; Python gets the same
    rows = [measured(path) for path in PROGRAMS]
    ours, whole = [[row[place] / row[0] for row in rows] for place in (1, 2)]
    plain = statistics.median(row[0] for row in rows)
    slowest, name = max((ratio, path.stem) for ratio, path in zip(ours, PROGRAMS, strict=True))
    beside = f"Python {table.ms(plain)}; worst {slowest:.1f} x ({name})"
    table.row(f"interpreter: median of {len(rows)} programs", times(ours), beside, "<= 3 x")
    table.row("interpreter: with the record and the graph", times(whole), f"Python {table.ms(plain)}")


def times(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.1f} x"


def measured(path: Path) -> tuple[float, float, float]:
    """Milliseconds of plain Python (compile and run), of parsing and evaluating, and of the whole run."""
    source = path.read_text(encoding="utf-8")
    runs: tuple[Callable[[], object], ...] = (
        lambda: plainly(source), lambda: evaluate(source), lambda: engine.run(language.parse(source)),
    )  # fmt: skip
    found: list[list[float]] = [[], [], []]
    for number in range(TIMES + 1):  # taking turns, so that a busy machine is busy for all; the first does not count
        for place, run in enumerate(runs):
            begun = time.process_time()
            run()
            if number:
                found[place].append(1e3 * (time.process_time() - begun))
        gc.collect(0)
    plain, ours, whole = map(min, found)
    return plain, ours, whole


class Unrecorded(Session):
    """The passes run, and nobody listens."""

    def _open(self, *_: object) -> None:
        self.count()  # by which a long loop knows which of its turns to record


def evaluate(source: str) -> None:
    program = language.parse(source)
    recorder = Recorder()
    with OwnState(), warnings.catch_warnings(record=True), contextlib.suppress(ProgramError):
        warnings.simplefilter("always")
        Interpreter(program, recorder, Unrecorded(recorder)).execute(program.tree.body)


def plainly(source: str) -> None:
    torch.default_generator.manual_seed(0)
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        with contextlib.suppress(Exception):
            exec(compile(source, "program", "exec"), {"__name__": "__main__"})
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)


if __name__ == "__main__":
    main()
