"""Read what was written: text to a checked `Program`, with the place of everything.

>>> program = parse("y1 = x1*x2*x3\\ny2 = x1 + x2 + x3")
>>> [free.name for free in program.free], program.outputs
(['x1', 'x2', 'x3'], ('y1', 'y2'))
>>> read_value("[1, 2.5]")
(1, 2.5)
"""

from vizgraph.language.literals import numbers_of, seed_lines, with_numbers, with_seed
from vizgraph.language.names import bound_names
from vizgraph.language.parse import parse
from vizgraph.language.places import mended, normal, segment, span_of
from vizgraph.language.values import read_value, read_values

__all__ = [
    "bound_names",
    "mended",
    "normal",
    "numbers_of",
    "parse",
    "read_value",
    "read_values",
    "seed_lines",
    "segment",
    "span_of",
    "with_numbers",
    "with_seed",
]
