"""Say which function of a pass failed, though torch's error does not: the one whose turn it was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from vizgraph.engine.recording.backward import Event
from vizgraph.engine.recording.inside import VIEWS
from vizgraph.engine.recording.walk import Function, is_leaf, operation_of

STEPPED: str = (
    "a parameter was changed between the forward and the backward pass: call backward before optimizer.step(), "
    "or compute the loss again after it"
)
VERSION = re.compile(r"modified by an inplace operation: .* is at version (\d+);")
NAN: str = "returned nan values in its"  # torch looks for these after a function has run


def failing(
    roots: Sequence[Function], functions: Sequence[Function], events: Sequence[Event], message: str
) -> Function:
    """Return the function that the engine ran last, without success.

    The engine runs, of all functions whose consumers have run, the one that was made last."""
    if NAN in message and events:
        return events[-1].function
    ran = {event.function for event in events}
    consumers: dict[Function, set[Function]] = defaultdict(set)
    for function in functions:
        for source, _ in function.next_functions:
            if source is not None:
                consumers[source].add(function)
    due = set(roots)
    for function in ran:
        due.update(source for source, _ in function.next_functions if source is not None)
    ready = [one for one in functions if one in due and one not in ran and not is_leaf(one) and consumers[one] <= ran]
    return max(ready, key=lambda one: one._sequence_nr(), default=None)


def stepped(function: Function | None, message: str) -> str | None:
    """What to do where the value that was overwritten is a leaf itself: an optimizer did that, and no ``*=``."""
    said = VERSION.search(message)
    sources = [source for source, _ in function.next_functions] if said and function is not None else []
    while sources:
        source = sources.pop()
        if source is None:
            continue
        if is_leaf(source):
            if said is not None and source.variable._version == int(said[1]):
                return STEPPED
        elif len(source.next_functions) == 1 and operation_of(source) in VIEWS:
            sources.append(source.next_functions[0][0])
    return None
