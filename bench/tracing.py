"""Time what tracing a chain of 10,000 operations adds to the pass itself, and what is kept of each node."""

from __future__ import annotations

import gc
import os
import tracemalloc

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from bench import table
from vizgraph import engine

LENGTH = 10_000


def main() -> None:
    x = torch.randn(100, requires_grad=True)
    loss = chain(x)
    plain = table.milliseconds(lambda: torch.autograd.grad(loss, x, retain_graph=True), times=5)
    traced = table.milliseconds(lambda: engine.trace(loss, names={"x": x}), times=5, before=1)
    table.row(
        f"chain of {LENGTH}: trace, everything recorded, beyond the pass",
        table.ms(traced - plain),
        f"plain pass {table.ms(plain)}",
        "<= 1000 ms",
    )
    kept, peak = memory(loss, x)
    table.row(
        f"chain of {LENGTH}: memory of the trace",
        f"{kept / LENGTH / 1e3:.1f} kB a node",
        f"peak while tracing {peak / LENGTH / 1e3:.1f} kB a node",
        "<= 4 kB",
    )


def chain(x: torch.Tensor) -> torch.Tensor:
    y = x
    for _ in range(LENGTH):
        y = y * 1.0001
    return y.sum()


def memory(loss: torch.Tensor, x: torch.Tensor) -> tuple[int, int]:
    """Bytes of Python that the result holds, and that tracing held at the most; gradients are torch's and gone."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    run = engine.trace(loss, names={"x": x})
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert run.passes
    return kept - before, peak - before


if __name__ == "__main__":
    main()
