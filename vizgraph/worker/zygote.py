"""Be the process that has everything loaded and forks one child per job.

Started with ``python -m vizgraph.worker.zygote`` by `vizgraph.worker.client`,
which speaks to it over its standard input and output. It ends when its input does.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence

from vizgraph.worker import protocol, server, solo, warm


def main(arguments: Sequence[str] | None = None) -> None:
    """Load everything, say so, and serve until the client is gone."""
    parser = argparse.ArgumentParser(prog="vizgraph.worker.zygote")
    parser.add_argument("--stages", default="vizgraph.pipeline:stages", help="module:function that answers a job")
    parser.add_argument("--before", help="module:function that is called before the first job")
    parser.add_argument("--no-fork", action="store_true", help="run jobs in this process, one after the other")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is meant for the client, which closes our input
    source, sink = _take_over_input_and_output()
    gc.disable()  # a third of the time to import torch
    try:
        if chosen.before:
            warm.load(chosen.before)()
        stages = warm.load(chosen.stages)
    except (ImportError, AttributeError) as error:
        sys.exit(f"vizgraph: {error}")  # for whoever runs the page; the user reads that it could not be started
    warm.warm(stages)
    forks = not chosen.no_fork and hasattr(os, "fork") and warm.fork_holds(stages)
    gc.collect()
    gc.freeze()  # what is loaded by now is never looked at again, so that children share it
    gc.enable()
    protocol.write_all(sink, protocol.line(0, protocol.READY, protocol.dump({"forks": forks})))
    if forks:
        server.Server(stages, source, sink).serve()
    else:
        solo.serve(stages, source, sink)


def _take_over_input_and_output() -> tuple[int, int]:
    """Keep both pipes to ourselves, so that nothing that prints can break a line."""
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return source, sink


if __name__ == "__main__":
    main()
