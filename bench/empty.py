"""Answer a job with nothing: the floor below every job."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def stages(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "form", None
