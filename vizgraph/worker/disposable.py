"""Lay out a drawing for a process that must live: in another one, which may crash.

``python -m vizgraph.worker.disposable arrange`` reads DOT and prints the layout as
JSON. It loads neither torch nor sympy, so it takes about a tenth of a second.
"""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from typing import Final

from vizgraph import codec
from vizgraph.errors import VizgraphError
from vizgraph.model import Layout
from vizgraph.worker import confine, process

SECONDS: Final = 10.0  # for each way
_WAYS: Final = ("arrange", "rows")  # Graphviz, and what can neither crash nor take long


def arrange(dot: str, seconds: float = SECONDS) -> Layout:
    """Place a graph that `dot.write` wrote: with Graphviz, else, where that crashes or takes too long, in rows."""
    for way in _WAYS:
        answer = _in_process(way, dot, seconds)
        if answer is not None:
            return codec.decode(Layout, json.loads(answer))
    raise VizgraphError("The graph could not be laid out", None, "draw a smaller part of it")


def _in_process(way: str, dot: str, seconds: float) -> bytes | None:
    command = [sys.executable, "-P", "-m", "vizgraph.worker.disposable", way]
    try:
        done = subprocess.run(
            command,
            input=dot.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": process.python_path()},
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def main(way: str) -> None:
    """Print the layout of the DOT on standard input, then end without tidying up: freeing a layout crashes."""
    place = pkgutil.resolve_name(f"vizgraph.layout:{way}")  # by name: the layout stands above this room
    confine.confine_memory(confine.data_in_use())
    layout = place(sys.stdin.buffer.read().decode())
    sys.stdout.write(json.dumps(codec.encode(layout)))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
