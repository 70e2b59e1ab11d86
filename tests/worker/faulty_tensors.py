"""Answer jobs with real tensors, and ask for more of them than a job may have."""

from collections.abc import Iterator
from typing import Any

import torch


def stages(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The gradient of the sum of squares of ``job["size"]`` ones."""
    x = torch.ones(job.get("size", 3), requires_grad=True)
    (x * x).sum().backward()
    assert x.grad is not None
    yield "form", {"gradient": x.grad[:3].tolist()}
