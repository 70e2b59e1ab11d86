"""Give the player what it plays: in the page, in a file of its own, in a notebook."""

from vizgraph.player.payload import payload, view_data

__all__ = ["payload", "view_data"]
