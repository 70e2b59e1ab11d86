"""Say why a program failed, and write the line that would mend it."""

from vizgraph.engine.remedies.scene import Remedy, Scene
from vizgraph.engine.remedies.table import notices, remedy

__all__ = ["Remedy", "Scene", "notices", "remedy"]
