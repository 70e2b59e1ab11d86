"""Print one table: what each tool finds in PyTorch's operator database, and what it costs on graphs of all sizes.

Every figure is measured in a process of its own, that may fail or take too long; then the table says so.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.peers.cases import CASES
from bench.peers.tools import TOOLS

SECONDS: Final = int(os.environ.get("PEERS_SECONDS", "60"))  # for one tool on one graph, its picture included
DATABASE_SECONDS: Final = 15 * SECONDS
ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 10  # times as long by the clock, where the processor does other things, too
EXPLAINED: Final = f"""\
The whole result is the DOT text of all nodes, where a tool writes DOT (vizgraph, torchviz, torchview). For vizgraph and
torchlens there is a backward pass in it, with the gradients of all functions; torchviz and torchview run none. The
plain pass is forward and backward without any tool. A picture of vizgraph is its SVG, a large graph by its groups; of
the others it is what Graphviz draws of their DOT. "> {SECONDS} s" is where the process was ended."""
PEERS: Final = [name for name in TOOLS if name != "plain pass"]


def main() -> None:
    """All of it, or what is named on the command line: operators, cases, or single cases."""
    parts = sys.argv[1:] or ["operators", "cases"]
    chosen = [case for case in CASES if "cases" in parts or case in parts]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("torch", *PEERS[1:]))
    today = datetime.datetime.now(tz=datetime.UTC).date()
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    print(f"{today}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, {load}, {versions}\n")
    if "operators" in parts:
        operators()
    if chosen:
        cases(chosen)


def operators() -> None:
    """Counted, not timed: as many tools at once as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda name: measured("bench.peers.operators", name, seconds=DATABASE_SECONDS)[0], PEERS))
    row("operator database, first sample", *PEERS)
    row("---", *["---"] * len(PEERS))
    for what in ("functions", "edges", "gradients"):
        title = {"gradients": "the gradient of every edge, bit for bit"}.get(what, f"every one of the {what}")
        row(title, *(_share(one, what) for one in found))
    row("failed", *(str(one.get("failed", 0)) if "operators" in one else one["failure"] for one in found))
    print()


def cases(chosen: Sequence[str]) -> None:
    """First what each tool makes of the graph; its picture, measured in the same process, in a table of its own."""
    row("processor time and memory to the whole result, the forward pass included", *TOOLS)
    row("---", *["---"] * len(TOOLS))
    pictures: dict[str, list[dict[str, Any]]] = {}
    for case in chosen:
        found = [measured("bench.peers.once", name, case) for name in TOOLS]
        row(case, *(_cost(one[0]) for one in found))
        pictures[case] = [one[-1] for one in found[-len(PEERS) :]]
    print()
    row("processor time of the picture, apart", *PEERS)
    row("---", *["---"] * len(PEERS))
    for case, drawn in pictures.items():
        row(case, *map(_cost, drawn))
    print(f"\n{EXPLAINED}")


def measured(script: str, *arguments: str, seconds: int = SECONDS) -> list[dict[str, Any]]:
    """The figures that a process printed; a failure stands for those that it did not come to.

    It works in a folder of its own, which goes with it: some tools write files where they are started."""
    command = [sys.executable, "-m", script, *arguments]
    found = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    limit = partial(resource.setrlimit, resource.RLIMIT_CPU, (seconds, seconds))
    late = [{"failure": f"> {seconds} s"}]
    try:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=PATIENCE * seconds, check=False, preexec_fn=limit,
                cwd=folder, env={**os.environ, "PYTHONPATH": found},
            )  # fmt: skip
    except subprocess.TimeoutExpired as ended:
        return [*_figures((ended.stdout or b"").decode()), *late]
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return [*_figures(done.stdout), *late]
    failure = []
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        said = last.split(":")[0].split(".")[-1][:40]
        failure = [{"failure": said if done.returncode > 0 else f"killed by signal {-done.returncode}"}]
    return [*_figures(done.stdout), *failure]


def _figures(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


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
