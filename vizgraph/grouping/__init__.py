"""Gather the nodes of a large view into groups that can be opened one inside the other."""

from vizgraph.grouping.levels import Level, Levels
from vizgraph.grouping.outline import Group, Outline, outline
from vizgraph.grouping.stubs import split

__all__ = ["Group", "Level", "Levels", "Outline", "outline", "split"]
