"""Lay out a drawing for a process that must live: in another one, which may crash.

``python -m vizgraph.worker.disposable arrange`` reads a list of DOT texts as JSON and prints the layout of
each as a line of JSON. It loads neither torch nor sympy, so it takes about a tenth of a second.
"""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from vizgraph import codec
from vizgraph.errors import VizgraphError
from vizgraph.model import Layout
from vizgraph.worker import confine, process

SECONDS: Final = 10.0  # for each way
_WAYS: Final = ("arrange", "rows")  # Graphviz, and what can neither crash nor take long


def arrange(dot: str, seconds: float = SECONDS) -> Layout:
    """Place a graph that `dot.write` wrote: with Graphviz, else, where that crashes or takes too long, in rows."""
    return arrange_all([dot], seconds)[0]


def arrange_all(dots: Sequence[str], seconds: float = SECONDS) -> list[Layout]:
    """Place several graphs in one process; those that were placed before it died are kept."""
    found: list[Layout] = []
    for way in _WAYS:
        if len(found) < len(dots):
            found += _in_process(way, dots[len(found) :], seconds)
    if len(found) < len(dots):
        raise VizgraphError("The graph could not be laid out", None, "draw a smaller part of it")
    return found


def _in_process(way: str, dots: Sequence[str], seconds: float) -> list[Layout]:
    """The layouts of the first few, of all if nothing happens."""
    command = [sys.executable, "-P", "-m", "vizgraph.worker.disposable", way]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(dots).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": process.python_path()},
            timeout=seconds,
            check=False,
        )
        answer = done.stdout
    except subprocess.TimeoutExpired as late:
        answer = late.stdout or b""
    except OSError:
        return []
    lines = answer.split(b"\n")[:-1]  # what stands after the last line end is not whole
    return [codec.decode(Layout, json.loads(line)) for line in lines]


def main(way: str) -> None:
    """Print the layouts of the DOT on standard input, then end without tidying up: freeing a layout crashes."""
    place = pkgutil.resolve_name(f"vizgraph.drawing.layout:{way}")  # by name: the layout stands above this room
    confine.confine_memory(confine.data_in_use())
    for dot in json.loads(sys.stdin.buffer.read()):
        sys.stdout.write(json.dumps(codec.encode(place(dot))) + "\n")
        sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
