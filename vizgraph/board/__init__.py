"""Write the mathematics that stands beside the graph: functions, chain rule, v times the Jacobian."""

from vizgraph.board.collect import board

__all__ = ["board"]
