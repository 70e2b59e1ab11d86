"""Fuzz the line for some minutes: ``python -m fuzz [--minutes 60] [--seed 0] [--first 0]`` or ``--replay FILE ...``.

Each input is a job like one of the page, made from a seed and a number, and answered by the real stages in a forked
child under the real walls (memory, files, processes, and two seconds of work each). It fails where the child dies,
where it does what no program may (Python's audit events, new files, processes, descriptors, a changed state or
table), or where it says what no person should read. What the two-second wall stops is tried again on the real
zygote, which must answer within three. Failures are kept in ``build/fuzz``, one file each.
"""

from __future__ import annotations

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}

import argparse
import json
import sys
import time
from pathlib import Path

from fuzz import corpus, mutate
from fuzz.hunt import Hunt

FAILURES = corpus.ROOT / "build" / "fuzz"


def main() -> None:
    parser = argparse.ArgumentParser(prog="fuzz", description="Throw mutated programs at the whole line.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--inputs", type=int, default=None, help="stop after so many inputs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--replay", nargs="+", type=Path, help="try these kept failures again")
    chosen = parser.parse_args()
    seed = chosen.seed
    if chosen.replay:
        kept = [json.loads(path.read_text()) for path in chosen.replay]
        hunt = Hunt(mutate.Recorded([one["job"] for one in kept]), FAILURES / "again")
        hunt.run(0, len(kept), time.monotonic() + 3600)
    else:
        hunt = Hunt(mutate.Mutator(corpus.collect(), seed), FAILURES)
        hunt.run(chosen.first, chosen.inputs, time.monotonic() + 60 * chosen.minutes)
    hunt.check_stopped()
    print(hunt.summary(seed), flush=True)
    sys.exit(1 if hunt.failures else 0)


if __name__ == "__main__":
    main()
