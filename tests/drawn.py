"""Write views and beats by hand, and whatever else a picture may have to bear."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from vizgraph.drawing import faces
from vizgraph.drawing.faces import Face
from vizgraph.model import Beat, Edge, Graph, Kind, Node, Timeline, Value, View

Drawn = tuple[View, Timeline]


def painted(drawn: Drawn) -> dict[str, Face]:
    """What stands on every node."""
    view, timeline = drawn
    return faces.faces(view, faces.texts(view.graph, timeline))


def node(id: str, kind: Kind = "operation", *, operation: str = "mul", **fields: object) -> Node:
    """A node; ``entries`` and ``shape`` make its value."""
    entries = fields.get("entries")
    shape = fields.get("shape", ())
    value = None if entries is None else Value(shape, "float32", entries)  # type: ignore[arg-type]
    grad_fn = "AccumulateGrad" if kind == "leaf" else f"{operation.title()}Backward0"
    name, expression = fields.get("name"), fields.get("expression")
    return Node(id, kind, operation, grad_fn, name, expression, value, shape, "float32", None)  # type: ignore[arg-type]


def gates(name: str = "math") -> Drawn:
    """f = (x + y) * z: two leaves meet, a third comes later."""
    nodes = (
        node("x", "leaf", name="x", entries=(-2.0,)),
        node("y", "leaf", name="y", entries=(5.0,)),
        node("z", "leaf", name="z", entries=(-4.0,)),
        node("add_1", operation="add", name="q", expression="x + y", entries=(3.0,)),
        node("mul_1", operation="mul", name="f", expression="q * z", entries=(-12.0,)),
    )
    edges = (
        Edge("e1", "x", "add_1", 0),
        Edge("e2", "y", "add_1", 1),
        Edge("e3", "add_1", "mul_1", 0),
        Edge("e4", "z", "mul_1", 1),
    )
    beats = (
        Beat("start", "", "", gradients=(("x", "None"), ("y", "None"), ("z", "None"))),
        Beat("seed", "", "", nodes=("mul_1",), gradients=(("mul_1", "1"),)),
        Beat("step", "", "", edges=("e3", "e4"), contributions=(("e3", "1 × -4 = -4"), ("e4", "1 × 3 = 3"))),
        Beat("leaf", "", "", gradients=(("z", "3"),), contributions=(("e3", "-4"), ("e4", "3"))),
        Beat("step", "", "", gradients=(("add_1", "-4"),), contributions=(("e1", "-4"), ("e2", "-4"))),
        Beat("leaf", "", "", gradients=(("x", "-4"), ("y", "-4"))),
    )
    return View(name, Graph(nodes, edges, ("mul_1",)), (), ()), Timeline(beats)  # type: ignore[arg-type]


def detached() -> Drawn:
    """u = (x * x).detach(); z = 2 * u * x: two edges from one leaf, a cut, a constant, edges that stay still."""
    four = {"shape": (4,)}
    nodes = (
        node("x", "leaf", name="x", entries=(0.0, 1.0, 2.0, 3.0), **four),
        node("mul_1", name="y", expression="x * x", entries=(0.0, 1.0, 4.0, 9.0), **four),
        node("detach_1", "cut", operation="detach", name="u", expression="y.detach()", entries=(0, 1, 4, 9), **four),
        node("two", "constant", operation="constant", expression="2", entries=(2,)),
        node("mul_2", expression="2 * u", entries=(0.0, 2.0, 8.0, 18.0), **four),
        node("mul_3", "output", name="z", expression="2 * u * x", entries=(0.0, 2.0, 16.0, 54.0), **four),
    )
    edges = (
        Edge("e1", "x", "mul_1", 0, flows=False),
        Edge("e2", "x", "mul_1", 1, flows=False),
        Edge("e3", "mul_1", "detach_1", 0, flows=False),
        Edge("e4", "two", "mul_2", 0, flows=False),
        Edge("e5", "detach_1", "mul_2", 1, flows=False),
        Edge("e6", "mul_2", "mul_3", 0, flows=False),
        Edge("e7", "x", "mul_3", 1),
    )
    beats = (
        Beat("seed", "", "", gradients=(("mul_3", "[1, 1, 1, 1]"), ("x", "None"))),
        Beat("leaf", "", "", gradients=(("x", "[0, 2, 8, 18]"),), contributions=(("e7", "[0, 2, 8, 18]"),)),
    )
    return View("math", Graph(nodes, edges, ("mul_3",)), (), ()), Timeline(beats)


def squared() -> Drawn:
    """y = x * x: two edges between the same two nodes."""
    nodes = (node("x", "leaf", name="x", entries=(3.0,)), node("mul_1", name="y", expression="x * x", entries=(9.0,)))
    edges = (Edge("e1", "x", "mul_1", 0), Edge("e2", "x", "mul_1", 1))
    beats = (Beat("step", "", "", gradients=(("x", "6"),), contributions=(("e1", "3"), ("e2", "3"))),)
    return View("math", Graph(nodes, edges, ("mul_1",)), (), ()), Timeline(beats)


def wired(count: int, wires: list[tuple[int, int]]) -> Drawn:
    """A graph of numbered nodes; every node and edge gets a gradient."""
    used = {target for _, target in wires}
    nodes = tuple(
        node(f"n{i}", "operation" if i in used else "leaf", name=f"t{i}", entries=(float(i),)) for i in range(count)
    )
    slots: dict[int, int] = {}
    edges = []
    for number, (source, target) in enumerate(wires):
        edges.append(Edge(f"e{number}", f"n{source}", f"n{target}", slots.get(target, 0)))
        slots[target] = slots.get(target, 0) + 1
    outputs = tuple(f"n{i}" for i in range(count) if i not in {source for source, _ in wires})
    beat = Beat(
        "step",
        "",
        "",
        gradients=tuple((f"n{i}", f"{i * 1.5:g}") for i in range(count)),
        contributions=tuple((edge.id, "0.1 × 6 = 0.6") for edge in edges),
    )
    return View("math", Graph(nodes, tuple(edges), outputs), (), ()), Timeline((beat,))


@st.composite
def graphs(draw: st.DrawFn) -> Drawn:
    """Any small graph: several leaves, several edges between the same nodes, several outputs."""
    count = draw(st.integers(1, 10))
    wires = [
        (draw(st.integers(0, target - 1)), target) for target in range(1, count) for _ in range(draw(st.integers(0, 3)))
    ]
    return wired(count, wires)


def chain(length: int) -> Drawn:
    """x * x * x * …: every operation uses the same leaf."""
    wires = [wire for i in range(1, length + 1) for wire in ((i - 1, i), (0, i))]
    return wired(length + 1, wires)


def dense(count: int, edges: int) -> Drawn:
    """Wires drawn at random, all forwards."""
    choose = random.Random(1)
    pairs = sorted({tuple(sorted(choose.sample(range(count), 2))) for _ in range(3 * edges)})
    return wired(count, sorted(choose.sample(pairs, edges)))  # type: ignore[arg-type]
