"""Say which function of a pass failed, though torch's error does not: the one whose turn it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vizgraph.engine.recording.backward import Event
from vizgraph.engine.recording.walk import Function, is_leaf

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
