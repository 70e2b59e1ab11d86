"""Run jobs in children that may die."""

from __future__ import annotations

from vizgraph.worker.client import Zygote
from vizgraph.worker.job import Job

__all__ = ["Job", "Zygote"]
