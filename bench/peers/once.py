"""Measure one tool on one case in this process: once.py TOOL CASE prints the result's cost as JSON, then its picture's.

Seconds are those of the processor, of this process and of those that it started: a machine that does other things at
the same time changes them little.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import psutil
import torch

from bench.peers.cases import CASES
from bench.peers.tools import TOOLS

TIMES = 3
ENOUGH = 5  # seconds; what takes longer is measured once


def main() -> None:
    warnings.simplefilter("ignore")
    name, case = sys.argv[1:]
    torch.manual_seed(0)
    torch.set_num_threads(1)
    tool = TOOLS[name]
    module, given = CASES["chain 100"]()
    tool.graph(module, given)  # what is loaded the first time does not count
    module, given = CASES[case]()
    before = peak()
    taken = []
    for _ in range(TIMES):
        start = seconds()
        result = tool.graph(module, given)
        taken.append(seconds() - start)
        if taken[0] > ENOUGH:
            break
    print(json.dumps({"seconds": min(taken), "megabytes": (peak() - before) / 2**20}), flush=True)
    if tool.picture is not None:
        start = seconds()
        tool.picture(result)
        print(json.dumps({"seconds": seconds() - start}), flush=True)


def seconds() -> float:
    """What the processor has done for this process and for those that it started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    main()
