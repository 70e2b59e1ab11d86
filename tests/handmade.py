"""Write small runs by hand: every number in them was worked out on paper."""

from __future__ import annotations

from collections.abc import Sequence

from vizgraph.model import (
    Accumulation,
    Argument,
    Call,
    Contribution,
    Edge,
    Graph,
    Kind,
    Leaf,
    Matrix,
    Node,
    Pass,
    Ref,
    Run,
    Seed,
    Span,
    Step,
    Value,
)

Numbers = float | Sequence[float]


def value(numbers: Numbers) -> Value:
    """A scalar or a vector."""
    if isinstance(numbers, (int, float)):
        return Value((), "float32", (float(numbers),), numbers, numbers, abs(numbers))
    entries = tuple(float(number) for number in numbers)
    return Value((len(entries),), "float32", entries, min(entries), max(entries), sum(e * e for e in entries) ** 0.5)


def matrix(*rows: Sequence[float]) -> Matrix:
    return Matrix(len(rows), len(rows[0]), tuple(float(entry) for row in rows for entry in row))


class Sketch:
    """A run being written down: calls, the engine's graph behind them, and its backward passes."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.passes: list[Pass] = []

    def leaf(self, name: str, numbers: Numbers) -> None:
        self._call(name, "leaf", "input", (), numbers, name, name, ())
        self._node(name, "leaf", "leaf", "AccumulateGrad", name, name, numbers)

    def constant(self, name: str, numbers: Numbers, *arguments: Argument, operation: str = "input") -> None:
        self._call(name, "constant", operation, arguments, numbers, name, name, ())

    def operation(
        self,
        id: str,
        operation: str,
        arguments: Sequence[Argument],
        numbers: Numbers,
        *,
        expression: str = "",
        name: str | None = None,
        inputs: Sequence[str | None] = (),
        inner: dict[str, Sequence[str | None]] | None = None,
        kind: Kind = "operation",
    ) -> None:
        """``inputs`` are the sources of the result's own function, slot by slot; ``inner`` those of further ones."""
        functions = {id: inputs, **(inner or {})} if inputs else {}
        self._call(id, kind, operation, tuple(arguments), numbers, name, expression, tuple(functions))
        for function in reversed(functions):
            made = (name, expression, numbers) if function == id else (None, None, None)
            self._node(function, "operation", operation, f"{function.split('_')[0].title()}Backward0", *made)
        for function, sources in functions.items():
            for slot, source in enumerate(sources):
                if source is not None:
                    self.edges.append(Edge(f"{source}__{function}__{slot}", source, function, slot))

    def backward(
        self,
        seeds: dict[str, Numbers],
        steps: Sequence[tuple[str, Numbers, dict[str, tuple[Numbers, Matrix | None]]]],
        before: dict[str, Numbers] | None = None,
    ) -> None:
        """``steps`` in the engine's order: node, upstream gradient, per edge contribution and local Jacobian."""
        held = before or {}
        told = tuple(
            Step(node, (value(upstream),), tuple(Contribution(e, value(g), local) for e, (g, local) in out.items()))
            for node, upstream, out in steps
        )
        leaves = {node.id for node in self.nodes if node.kind == "leaf"}
        gradients = []
        for node, upstream, _ in steps:
            if node in leaves:
                old = value(held[node]) if node in held else None
                assert isinstance(upstream, (int, float))  # by hand, only scalars accumulate
                new = upstream + (old.entries[0] if old and old.entries else 0)
                gradients.append(Accumulation(node, node, value(upstream), old, value(new)))
        placed = tuple(Seed(node, value(v)) for node, v in seeds.items())
        self.passes.append(Pass(Span(9, 1, 9, 9), placed, told, tuple(gradients)))

    def run(self, *outputs: str) -> Run:
        grads = {done.node: done.after for one in self.passes for done in one.gradients}
        leaves = tuple(
            Leaf(node.id, node.id, node.value, grads.get(node.id), node.span)
            for node in self.nodes
            if node.kind == "leaf" and node.value
        )
        graph = Graph(tuple(self.nodes), tuple(self.edges), outputs)
        return Run(None, tuple(self.calls), graph, tuple(self.passes), (), leaves, (), (), None)

    def _call(
        self,
        id: str,
        kind: Kind,
        operation: str,
        arguments: tuple[Argument, ...],
        numbers: Numbers,
        name: str | None,
        expression: str,
        nodes: tuple[str, ...],
    ) -> None:
        line = len(self.calls) + 1
        span = Span(line, 1, line, 9)
        self.calls.append(Call(id, kind, operation, arguments, (), nodes, name, expression, (value(numbers),), span))

    def _node(
        self, id: str, kind: Kind, operation: str, grad_fn: str, name: str | None, expression: str | None,
        numbers: Numbers | None,
    ) -> None:  # fmt: skip
        made = None if numbers is None else value(numbers)
        shape = made.shape if made else None
        self.nodes.append(Node(id, kind, operation, grad_fn, name, expression, made, shape, "float32", None))


def gates() -> Run:
    """f = (x + y) * z at x = -2, y = 5, z = -4: the circuit of the CS231n notes."""
    sketch = Sketch()
    for name, number in (("x", -2.0), ("y", 5.0), ("z", -4.0)):
        sketch.leaf(name, number)
    sketch.operation("q", "add", (Ref("x"), Ref("y")), 3.0, expression="x + y", name="q", inputs=("x", "y"))
    sketch.operation("f", "mul", (Ref("q"), Ref("z")), -12.0, expression="q * z", name="f", inputs=("q", "z"))
    one, q, z = matrix([1]), matrix([3]), matrix([-4])
    sketch.backward(
        {"f": 1.0},
        [
            ("f", 1.0, {"q__f__0": (-4.0, z), "z__f__1": (3.0, q)}),
            ("z", 3.0, {}),
            ("q", -4.0, {"x__q__0": (-4.0, one), "y__q__1": (-4.0, one)}),
            ("x", -4.0, {}),
            ("y", -4.0, {}),
        ],
    )
    return sketch.run("f")


def assembled() -> Run:
    """y = randn(2); y[0] = a * b; y[1] = a at a = 2, b = 3 with v = [0.1, 0.2]: a gets 0.3 + 0.2, b gets 0.2."""
    sketch = Sketch()
    sketch.leaf("a", 2.0)
    sketch.leaf("b", 3.0)
    sketch.constant("randn_1", [7.0, 8.0], 2, operation="randn")
    sketch.operation("mul_1", "mul", (Ref("a"), Ref("b")), 6.0, expression="a * b", inputs=("a", "b"))
    first = (Ref("randn_1"), 0, Ref("mul_1"))
    sketch.operation("write_1", "write", first, [6.0, 8.0], name="y", inputs=(None, "mul_1"))
    second = (Ref("write_1"), 1, Ref("a"))
    sketch.operation("write_2", "write", second, [6.0, 2.0], name="y", inputs=("write_1", "a"))
    keeps_first, second_entry = matrix([1, 0], [0, 0]), matrix([0], [1])
    sketch.backward(
        {"write_2": [0.1, 0.2]},
        [
            (
                "write_2",
                [0.1, 0.2],
                {"write_1__write_2__0": ([0.1, 0.0], keeps_first), "a__write_2__1": (0.2, second_entry)},
            ),
            ("write_1", [0.1, 0.0], {"mul_1__write_1__1": (0.1, matrix([1], [0]))}),
            ("mul_1", 0.1, {"a__mul_1__0": (0.3, matrix([3])), "b__mul_1__1": (0.2, matrix([2]))}),
            ("a", 0.5, {}),
            ("b", 0.2, {}),
        ],
    )
    return sketch.run("write_2")


def detached() -> Run:
    """y = x * x; u = y.detach(); z = u * x at x = 3: z.backward() gives x only u = 9."""
    sketch = Sketch()
    sketch.leaf("x", 3.0)
    y = Call("y", "operation", "mul", (Ref("x"), Ref("x")), (), ("y",), "y", "x * x", (value(9.0),), None)
    sketch.calls.append(y)  # the output can't reach its function: it is not in the engine's graph
    sketch.operation("u", "detach", (Ref("y"),), 9.0, expression="y.detach()", name="u", kind="cut")
    sketch.operation("z", "mul", (Ref("u"), Ref("x")), 27.0, expression="u * x", name="z", inputs=(None, "x"))
    sketch.backward({"z": 1.0}, [("z", 1.0, {"x__z__1": (9.0, matrix([9]))}), ("x", 9.0, {})])
    return sketch.run("z")


def averaged() -> Run:
    """m = mean2(a, a) at a = 4, one call that the engine made of three functions: (a + a) halved, then negated."""
    sketch = Sketch()
    sketch.leaf("a", 4.0)
    sketch.operation(
        "m", "mean2", (Ref("a"), Ref("a")), -4.0, expression="mean2(a, a)", name="m",
        inputs=("half",), inner={"half": ("add",), "add": ("a", "a")},
    )  # fmt: skip
    sketch.backward(
        {"m": 1.0},
        [
            ("m", 1.0, {"half__m__0": (-1.0, matrix([-1]))}),
            ("half", -1.0, {"add__half__0": (-0.5, matrix([0.5]))}),
            ("add", -0.5, {"a__add__0": (-0.5, matrix([1])), "a__add__1": (-0.5, matrix([1]))}),
            ("a", -1.0, {}),
        ],
    )
    return sketch.run("m")


def forked() -> Run:
    """m = 2 (a + a) + 3 (a + a) at a = 1, one call of four functions: two paths lead from the sum to the result."""
    sketch = Sketch()
    sketch.leaf("a", 1.0)
    sketch.operation(
        "m", "five", (Ref("a"), Ref("a")), 10.0, expression="five(a, a)", name="m",
        inputs=("twice", "thrice"), inner={"twice": ("add",), "thrice": ("add",), "add": ("a", "a")},
    )  # fmt: skip
    one = matrix([1])
    sketch.backward(
        {"m": 1.0},
        [
            ("m", 1.0, {"twice__m__0": (1.0, one), "thrice__m__1": (1.0, one)}),
            ("twice", 1.0, {"add__twice__0": (2.0, matrix([2]))}),
            ("thrice", 1.0, {"add__thrice__0": (3.0, matrix([3]))}),
            ("add", 5.0, {"a__add__0": (5.0, one), "a__add__1": (5.0, one)}),
            ("a", 10.0, {}),
        ],
    )
    return sketch.run("m")
