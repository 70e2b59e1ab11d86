"""Print one table: what each tool finds in PyTorch's operator database, and what it costs on graphs of all sizes.

Every figure is measured in a process of its own, that may fail or take too long; then the table says so.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from typing import Any, Final

from bench.peers.cases import CASES
from bench.peers.tools import TOOLS

SECONDS: Final = int(os.environ.get("PEERS_SECONDS", "120"))  # for one figure
DATABASE_SECONDS: Final = 30 * SECONDS
PEERS: Final = [name for name in TOOLS if name != "plain pass"]


def main() -> None:
    """All of it, or the parts named on the command line: operators, cases."""
    parts = sys.argv[1:] or ["operators", "cases"]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("torch", *PEERS[1:]))
    today = datetime.datetime.now(tz=datetime.UTC).date()
    print(f"{today}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, {versions}\n")
    if "operators" in parts:
        operators()
    if "cases" in parts:
        cases()


def operators() -> None:
    row("operator database, first sample", *PEERS)
    row("---", *["---"] * len(PEERS))
    found = {name: measured("bench.peers.operators", name, seconds=DATABASE_SECONDS) for name in PEERS}
    for what in ("functions", "edges", "gradients"):
        title = {"gradients": "the gradient of every edge, bit for bit"}.get(what, f"every one of the {what}")
        row(title, *(_share(one, what) for one in found.values()))
    row("failed", *(str(one.get("failed", 0)) if "operators" in one else one["failure"] for one in found.values()))
    print()


def cases() -> None:
    for title, what in (("time to the whole result, memory", "graph"), ("time of the picture, apart", "picture")):
        names = [name for name in TOOLS if what == "graph" or name in PEERS]
        row(title, *names)
        row("---", *["---"] * len(names))
        for case in CASES:
            row(case, *(_cost(measured("bench.peers.once", name, case, what)) for name in names))
        print()


def measured(script: str, *arguments: str, seconds: int = SECONDS) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", script, *arguments], capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return {"failure": f"> {seconds} s"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        return {"failure": last.split(".")[-1][:40] if done.returncode > 0 else f"killed by signal {-done.returncode}"}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _share(found: dict[str, Any], what: str) -> str:
    return f"{100 * found.get(what, 0) / found['operators']:.1f} %" if "operators" in found else found["failure"]


def _cost(found: dict[str, Any]) -> str:
    if "failure" in found:
        return str(found["failure"])
    memory = f", {found['megabytes']:.0f} MB" if "megabytes" in found else ""
    return f"{found['seconds']:.3f} s{memory}"


def row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
