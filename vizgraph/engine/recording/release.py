"""Let a deep graph that was looked at be freed without recursion.

torch frees the functions of a graph one after the other, unless Python has seen them: then each frees its inputs from
within its own destructor, and a chain of some 45,000 overflows the stack. Python's containers do count how deep they
are being freed, and put the rest off. So on every path a function holds its inputs in such a container, every now and
then; it is the dictionary that each has for metadata, and nobody lives longer than before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vizgraph.engine.recording.walk import Function, is_leaf, walk

KEY: Final = "vizgraph: inputs"
DEPTH: Final = 32  # functions between two; Python puts off what is nested in 50 containers, and here are two in a row


class Landings:
    """How far each function that was seen is above the last one that holds its inputs, by autograd's number of it."""

    def __init__(self) -> None:
        self._height: dict[int, int] = {}

    def __contains__(self, function: Function) -> bool:
        return function._sequence_nr() in self._height

    def reach(self, function: Function) -> None:
        """Look after everything that is new behind a function."""
        self.place(walk([function], known=self))

    def place(self, functions: Sequence[Function]) -> None:
        """Look after these; inputs stand before consumers."""
        height = self._height
        for function in functions:
            if is_leaf(function):
                continue
            inputs = [source for source, _ in function.next_functions if source is not None]
            above = 1 + max((height.get(source._sequence_nr(), 0) for source in inputs), default=0)
            if above == DEPTH:
                function.metadata[KEY] = tuple(inputs)
                above = 0
            height[function._sequence_nr()] = above
