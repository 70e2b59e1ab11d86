"""Name nodes the way sentences speak of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from vizgraph.model import Edge, Node, View
from vizgraph.notation import metrics
from vizgraph.notation.numbers import ELLIPSIS
from vizgraph.texts import say

WIDTH = 16  # cells of an expression that stands for a node, in a sentence and on its box
NAME_WIDTH = 20  # cells of a name
DERIVATIVE_WIDTH = 16  # of the names in ∂f/∂x
OUTER = ("A", "L", "F", "G", "H")
_LEAST = 4  # cells of an expression beside what it is assigned to
_NAMES = 5  # longer lists of names are abbreviated
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_CALLED = r"(?:\([^()]*\)|\[[^\[\]]*\])+"  # the emptied brackets of a call or an index
_SIGNS = (  # of two operands, what binds them least first; never the sign in 1e-5
    re.compile(r"(?<=[\w)\]\}])(?<!\de)( ?[+-] ?)"),
    re.compile(r"( ?(?:(?<!\*)\*(?!\*)|[/@]) ?)"),
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Captions:
    """The names of one view's nodes and, for edges between the same two nodes, which use each is."""

    def __init__(self, view: View) -> None:
        self._exact = view.name == "engine"
        self._values = _values(view.graph.nodes)
        functions = {node.id: _function(node, self._values[node.id]) for node in view.graph.nodes}
        self._nodes = functions if self._exact else self._values
        self._named = {node.id for node in view.graph.nodes if node.name and node.kind not in ("group", "stub")}
        self._several = {edge.source for edge in view.graph.edges if edge.result}
        self._uses: dict[str, tuple[int, int]] = {}
        between: dict[tuple[str, str, int], list[Edge]] = defaultdict(list)
        for edge in view.graph.edges:
            between[edge.source, edge.target, edge.result].append(edge)
        for edges in between.values():
            for number, edge in enumerate(edges, start=1):
                self._uses[edge.id] = (number, len(edges))

    def node(self, node: str) -> str:
        """A node as the view shows it: its value's name, in the engine view its autograd function."""
        return self._nodes[node]

    def value(self, node: str) -> str:
        """What the node computed, in both views."""
        return self._values[node]

    def is_named(self, node: str) -> bool:
        """Whether its caption is the name of a variable, not an expression."""
        return node in self._named

    def values(self, nodes: Sequence[str]) -> str:
        """All their names once each, or the first few of many."""
        names = list(dict.fromkeys(self._values[node] for node in nodes))
        return ", ".join(names if len(names) <= _NAMES else [*names[: _NAMES - 1], ELLIPSIS, names[-1]])

    def source(self, edge: Edge) -> str:
        """The source of an edge, "x (use 2 of 2)" where its target uses it more than once.

        Of a source with several results it is the one that is used: ``x.unbind()[1]``.
        """
        number, count = self._uses[edge.id]
        name = self._nodes[edge.source] + (f"[{edge.result}]" if edge.source in self._several else "")
        return name if count == 1 else say("caption.use", name=name, number=number, count=count)

    def outer(self) -> str:
        """A letter for the unknown function outside the graph: A, or the next one that no value here is called."""
        taken = set(self._values.values())
        return next((letter for letter in OUTER if letter not in taken), OUTER[0])

    def derivative(self, edge: Edge) -> str:
        """``∂f/∂q``, where that is short and says which of the target's operands is meant; else nothing."""
        if self._exact or self._uses[edge.id][1] > 1:
            return ""
        target, source = _operand(self._values[edge.target]), _operand(self.source(edge))
        is_plain = len(target + source) <= DERIVATIVE_WIDTH and ELLIPSIS not in target + source
        return f"∂{target}/∂{source}" if is_plain else ""


def _values(nodes: Sequence[Node]) -> dict[str, str]:
    """A caption per node; what several nodes are called is numbered as they were made: y₁, y₂.

    The stubs for the far uses of one node are that node: they are called as it is.
    """
    uses = {node.id: hub for node in nodes if node.kind == "stub" and (hub := node.id.rpartition(".at.")[0])}
    nodes = [node for node in nodes if node.id not in uses]
    shared = {id(node): _shared(node) for node in nodes}
    count = Counter(shared.values())
    versions: Counter[str] = Counter()
    captions: dict[str, str] = {}
    for node in nodes:
        name = shared[id(node)]
        captions[node.id] = _caption(node)
        if name and count[name] > 1:
            versions[name] += 1
            captions[node.id] += str(versions[name]).translate(_SUBSCRIPTS)
    return captions | {id: captions[hub] for id, hub in uses.items()}


def _shared(node: Node) -> str:
    """What other nodes may be called, too: a name, or the operation where nothing else is known."""
    return node.name or ("" if node.expression else node.operation)


def _caption(node: Node) -> str:
    """A node's name, else its expression made short, else its operation."""
    if node.name:
        return short_name(node.name)
    return shorten(plain(node.expression)) if node.expression else node.operation


def plain(expression: str) -> str:
    """An expression without what says nothing about its mathematics."""
    return expression.replace("torch.", "")


def shorten(expression: str, width: int = WIDTH) -> str:
    """The expression in at most ``width`` cells: the inside of its brackets goes first, then the middle of a sum, then
    what the last method is called on, then one side; what is done last is kept as long as there is room.

    >>> shorten("1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))"), shorten("w0*x0 + w1*x1 + w2")
    ('1 / (…)', 'w0*x0 + … + w2')
    >>> shorten("(3 * h_cut).sum() / 2"), shorten("x.square().sum(1).sqrt()"), shorten("F.cross_entropy(guess, y)")
    ('(…).sum() / 2', '(…).sqrt()', 'cross_entropy(…)')
    >>> shorten("(first * second).sum() + values.sum()"), shorten("0.5*F.mse_loss(guess, x)")
    ('… + values.sum()', '0.5*mse_loss(…)')
    """
    if metrics.cells(expression) <= width:
        return expression
    outside = _empty_brackets(expression)
    name, equals, right = outside.partition(" = ")
    room = width - metrics.cells(name + equals)
    if equals and room >= _LEAST:
        return f"{name}{equals}{shorten(right, room)}"
    tries = (outside, *_without_middle(outside), *_last_call(outside), *_two_sides(outside))
    return metrics.shorten(next((text for text in tries if metrics.cells(text) <= width), outside), width)


def _without_middle(outside: str) -> Iterator[str]:
    """A sum of more than two terms by its ends."""
    terms = re.split(r"( [+-] )", outside)
    if len(terms) > 3:
        yield "".join([*terms[:2], ELLIPSIS, *terms[-2:]])


def _last_call(outside: str) -> Iterator[str]:
    """The last method of a chain of calls, ``(…).sqrt()``; of a function of a module only its own name.

    >>> [*_last_call("F.relu(…)"), *_last_call("x.sin()"), *_last_call("Cube.apply(…)")]
    ['relu(…)']
    """
    parts = re.fullmatch(rf"([\w.]+|(?:[\w.]*{_CALLED})(?:\.\w+{_CALLED})*)\.(\w+{_CALLED})", outside)
    if parts and not re.fullmatch(r"[\w.]+", parts[1]):
        yield f"({ELLIPSIS}).{parts[2]}"
    elif parts and ELLIPSIS in parts[2] and not re.fullmatch(r"(.*\.)?[A-Z]\w+", parts[1]):
        yield parts[2]


def _two_sides(outside: str) -> Iterator[str]:
    """What is done last, with as much of its operands as possible: the longest text first."""
    parts = next((parts for sign in _SIGNS if len(parts := sign.split(outside)) >= 3), None)
    if parts is None:
        return
    sides = [[side, *_last_call(side), ELLIPSIS] for side in (parts[0], parts[-1])]
    pairs = [
        (first, last)
        for first in sides[0]
        for last in sides[1]
        if first != last and (len(parts) == 3 or ELLIPSIS in (first, last))
    ]
    yield from sorted((f"{first}{parts[-2]}{last}" for first, last in pairs), key=metrics.cells, reverse=True)


def short_name(name: str) -> str:
    """A name, or the end of a long path such as ``encoder.layers.0.weight``: that is what tells it from others."""
    if metrics.cells(name) <= NAME_WIDTH:
        return name
    parts = name.split(".")
    while len(parts) > 1 and metrics.cells(ELLIPSIS + ".".join(parts)) > NAME_WIDTH:
        del parts[0]
    return metrics.shorten(ELLIPSIS + ".".join(parts) if len(parts) < name.count(".") + 1 else name, NAME_WIDTH)


def _empty_brackets(expression: str) -> str:
    kept: list[str] = []
    open_brackets: list[str] = []
    for character, following in pairwise(expression + " "):
        if character in _CLOSING:
            if not open_brackets:
                kept.append(character + (ELLIPSIS if following != _CLOSING[character] else ""))
            open_brackets.append(_CLOSING[character])
        elif open_brackets and character == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                kept.append(character)
        elif not open_brackets:
            kept.append(character)
    return "".join(kept)


def _function(node: Node, value: str) -> str:
    """In the engine view: the autograd function, with what it computed."""
    if node.kind == "leaf" or node.grad_fn is None:
        return value
    return f"{node.grad_fn} ({value})" if node.name or node.expression else node.grad_fn


def _operand(caption: str) -> str:
    return caption if re.fullmatch(r"\w+", caption) else f"({caption})"
