"""Define the frozen values that travel the line.

Every stage of the program takes some of these and returns others. They hold
plain Python data only: no tensor, no syntax tree of sympy, no widget. They can
be written as literals in a test, compared with ``==`` and sent as JSON
(`vizgraph.codec`).

Edges are named in the direction of the forward data flow, ``source -> target``;
gradients travel them backwards.
"""

from vizgraph.model.derivation import Check, Derivation, Differences, Formula, Hessian, Link, Second, Tree
from vizgraph.model.graph import Argument, Call, Edge, Graph, Inside, Kind, Node, Ref, Result, Saved, Slice, Summed
from vizgraph.model.program import Free, Program
from vizgraph.model.run import (
    Accumulation,
    Change,
    Contribution,
    Fault,
    Fix,
    Jacobian,
    Leaf,
    Linear,
    Pass,
    Run,
    Seed,
    Step,
    Stop,
    View,
)
from vizgraph.model.shown import Beat, Box, Drawing, Finding, Layout, Route, Severity, Timeline
from vizgraph.model.values import Matrix, Nested, Number, Span, Value

__all__ = [
    "Accumulation", "Argument", "Beat", "Box", "Call", "Change", "Check", "Contribution", "Derivation",
    "Differences", "Drawing", "Edge", "Fault", "Finding", "Fix", "Formula", "Free", "Graph", "Hessian", "Inside",
    "Jacobian", "Kind", "Layout", "Leaf", "Linear", "Link", "Matrix", "Nested", "Node", "Number", "Pass", "Program",
    "Ref", "Result", "Route", "Run", "Saved", "Second", "Seed", "Severity", "Slice", "Span", "Step", "Stop",
    "Summed", "Timeline", "Tree", "Value", "View",
]  # fmt: skip
