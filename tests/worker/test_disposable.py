"""A layout for a process that must live, from one that may crash."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vizgraph.drawing import dot as writer
from vizgraph.drawing import layout
from vizgraph.errors import VizgraphError
from vizgraph.model import Edge, Graph, Node, Timeline, View
from vizgraph.worker import disposable

BROKEN = {
    "crashes": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
    "hangs": "import signal\nsignal.pause()",
    "eats memory": "kept = [bytes(2**26) for _ in range(160)]",
}


@pytest.fixture(scope="module")
def dot() -> str:
    """A product of two leaves, one of which is added to it."""
    kinds = {"x1": "leaf", "x2": "leaf", "mul_1": "operation", "add_1": "operation"}
    nodes = tuple(Node(id, kind, id, None, id, id, None, None, None, None) for id, kind in kinds.items())  # type: ignore[arg-type]
    wires = (("x1", "mul_1", 0), ("x2", "mul_1", 1), ("mul_1", "add_1", 0), ("x1", "add_1", 1))
    edges = tuple(Edge(f"{source}_{target}", source, target, slot) for source, target, slot in wires)
    return writer.write(View("math", Graph(nodes, edges, ("add_1",)), (), ()), Timeline(()))


def break_graphviz(monkeypatch: pytest.MonkeyPatch, folder: Path, how: str) -> None:
    """Put a package in front of pygraphviz that fails as soon as a graph is made."""
    package = folder / "pygraphviz"
    package.mkdir()
    (package / "__init__.py").write_text("")
    body = "\n".join(f"    {line}" for line in BROKEN[how].splitlines())
    (package / "graphviz.py").write_text(f"def agraphnew(*_):\n{body}\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_the_layout_is_the_one_that_graphviz_makes(dot: str) -> None:
    assert disposable.arrange(dot) == layout.arrange(dot)


@pytest.mark.parametrize("how", BROKEN)
def test_where_graphviz_fails_the_graph_stands_in_rows(
    dot: str, how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    break_graphviz(monkeypatch, tmp_path, how)
    assert disposable.arrange(dot, seconds=3) == layout.rows(dot)


def test_what_can_not_be_laid_out_at_all_is_one_sentence(dot: str) -> None:
    with pytest.raises(VizgraphError, match=r"^The graph could not be laid out; draw a smaller part of it$"):
        disposable.arrange(dot, seconds=0.001)


def test_neither_torch_nor_sympy_is_loaded_for_a_layout(
    dot: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("torch", "sympy", "streamlit"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(1)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert disposable.arrange(dot) == layout.arrange(dot)
    assert "pygraphviz" in sys.modules  # the oracle is Graphviz itself
