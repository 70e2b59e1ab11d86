"""Time the pictures of large graphs: the first drawing, and a file with the insides of its groups."""

from __future__ import annotations

from typing import Any

import torch

import vizgraph
from bench import table
from tests.large import GRAPHS, branches


def main() -> None:
    """Every graph of the tests, and one of 50,000 nodes; what is loaded the first time does not count."""
    vizgraph.trace(torch.ones((), requires_grad=True) * 2).html()
    for name, make in (GRAPHS | {"20 chains, 50,000 operations": branches}).items():
        output, names = make()
        made: list[Any] = []
        took = table.once(lambda: made.append(vizgraph.trace(output, names=names)))  # noqa: B023
        shown = made.pop()
        table.row(f"{name}: trace", table.ms(took), f"{len(shown.run.graph.nodes)} nodes")
        took = table.once(lambda: made.append(shown.svg()))  # noqa: B023
        elements = sum(made[-1].count(f"data-{kind}=") for kind in ("node", "edge"))
        table.row(f"{name}: picture", table.ms(took), f"{elements} of 1500 elements", "<= 5000 ms")
        took = table.once(lambda: made.append(shown.html()))  # noqa: B023
        table.row(f"{name}: page with insides", table.ms(took), f"{len(made[-1].encode()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
