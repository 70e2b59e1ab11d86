"""Measure one tool on one case in this process, and print what came out as JSON: once.py TOOL CASE picture|graph."""

from __future__ import annotations

import json
import os
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


def main() -> None:
    warnings.simplefilter("ignore")
    name, case, what = sys.argv[1:]
    torch.manual_seed(0)
    torch.set_num_threads(1)
    tool = TOOLS[name]
    module, given = CASES["chain 100"]()
    tool.graph(module, given)  # what is loaded the first time does not count
    module, given = CASES[case]()
    before = peak()
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        result = tool.graph(module, given)
        taken.append(time.perf_counter() - start)
        if taken[0] > 10:
            break
    found = {"seconds": min(taken), "megabytes": (peak() - before) / 2**20}
    if what == "picture":
        start = time.perf_counter()
        tool.picture(result)
        found = {"seconds": time.perf_counter() - start}
    print(json.dumps(found))


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    main()
