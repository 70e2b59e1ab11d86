"""Name nodes the way sentences speak of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vizgraph.model import Edge, Node, View
from vizgraph.numbers import ELLIPSIS
from vizgraph.texts import say

WIDTH = 26  # of a node's name in a sentence
DERIVATIVE_WIDTH = 18  # of the names in ∂f/∂x
_NAMES = 5  # longer lists of names are abbreviated
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Captions:
    """The names of one view's nodes and, for edges between the same two nodes, which use each is."""

    def __init__(self, view: View) -> None:
        self._exact = view.name == "engine"
        self._values = {node.id: caption(node) for node in view.graph.nodes}
        self._nodes = {node.id: _function(node) for node in view.graph.nodes} if self._exact else self._values
        self._uses: dict[str, tuple[int, int]] = {}
        between: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        for edge in view.graph.edges:
            between[edge.source, edge.target].append(edge)
        for edges in between.values():
            for number, edge in enumerate(edges, start=1):
                self._uses[edge.id] = (number, len(edges))

    def node(self, node: str) -> str:
        """A node as the view shows it: its value's name, in the engine view its autograd function."""
        return self._nodes[node]

    def value(self, node: str) -> str:
        """What the node computed, in both views."""
        return self._values[node]

    def values(self, nodes: Sequence[str]) -> str:
        """All their names once each, or the first few of many."""
        names = list(dict.fromkeys(self._values[node] for node in nodes))
        return ", ".join(names if len(names) <= _NAMES else [*names[: _NAMES - 1], ELLIPSIS, names[-1]])

    def source(self, edge: Edge) -> str:
        """The source of an edge, "x (use 2 of 2)" where its target uses it more than once."""
        number, count = self._uses[edge.id]
        name = self._nodes[edge.source]
        return name if count == 1 else say("caption.use", name=name, number=number, count=count)

    def derivative(self, edge: Edge) -> str:
        """``∂f/∂q``, where that is short and says which of the target's operands is meant; else nothing."""
        if self._exact or self._uses[edge.id][1] > 1:
            return ""
        target, source = (_operand(self._values[node]) for node in (edge.target, edge.source))
        return f"∂{target}/∂{source}" if len(target + source) <= DERIVATIVE_WIDTH else ""


def caption(node: Node) -> str:
    """A node's name, else its expression made short, else its operation.

    The inside of brackets goes first: ``1 + exp(-(w0*x0 + w1*x1))`` is called ``1 + exp(…)``.
    """
    if node.name:
        return node.name
    return shorten(node.expression) if node.expression else node.operation


def shorten(expression: str, width: int = WIDTH) -> str:
    """The expression in at most ``width`` characters.

    >>> shorten("1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))")
    '1 / (…)'
    """
    if len(expression) <= width:
        return expression
    outside = _empty_brackets(expression)
    return outside if len(outside) <= width else outside[: width - 1] + ELLIPSIS


def _empty_brackets(expression: str) -> str:
    kept: list[str] = []
    open_brackets: list[str] = []
    for character in expression:
        if character in _CLOSING:
            if not open_brackets:
                kept.append(character + ELLIPSIS)
            open_brackets.append(_CLOSING[character])
        elif open_brackets and character == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                kept.append(character)
        elif not open_brackets:
            kept.append(character)
    return "".join(kept)


def _function(node: Node) -> str:
    """In the engine view: the autograd function, with what it computed."""
    if node.kind == "leaf" or node.grad_fn is None:
        return caption(node)
    made = node.name or (shorten(node.expression) if node.expression else None)
    return f"{node.grad_fn} ({made})" if made else node.grad_fn


def _operand(name: str) -> str:
    return name if name.isidentifier() else f"({name})"
