"""Give the modes of autograd that stand after ``with``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final

import torch

from vizgraph.engine.evaluation.values import Context


def _inference(mode: bool = True) -> torch.no_grad | torch.set_grad_enabled:
    """Record no history: torch's own mode would leave out the count of writes, too, by which values are followed."""
    return torch.no_grad() if mode else torch.set_grad_enabled(torch.is_grad_enabled())


TORCH: Final = {
    "no_grad":          Context("torch.no_grad",          torch.no_grad),
    "enable_grad":      Context("torch.enable_grad",      torch.enable_grad),
    "set_grad_enabled": Context("torch.set_grad_enabled", torch.set_grad_enabled),
    "inference_mode":   Context("torch.inference_mode",   _inference),
}  # fmt: skip
AUTOGRAD: Final = {
    "no_grad":            Context("torch.autograd.no_grad",            torch.no_grad),
    "enable_grad":        Context("torch.autograd.enable_grad",        torch.enable_grad),
    "set_grad_enabled":   Context("torch.autograd.set_grad_enabled",   torch.set_grad_enabled),
    "set_detect_anomaly": Context("torch.autograd.set_detect_anomaly", torch.autograd.set_detect_anomaly),
    "detect_anomaly":     Context("torch.autograd.detect_anomaly",     torch.autograd.detect_anomaly),
}  # fmt: skip


def around(mode: Any) -> Callable[[], Any]:
    """What enters a mode at every call of the function that it stands above.

    ``set_grad_enabled`` has switched when it was made: above a function it is put back, as torch does."""
    if isinstance(mode, torch.set_grad_enabled):
        torch.set_grad_enabled(mode.prev)
    make: Callable[[], Any] = mode.clone
    return make


# What they make when they are called; the first three can stand above a function, too.
DECORATING: Final = (torch.no_grad, torch.enable_grad, torch.set_grad_enabled)
MODES: Final = (
    torch.no_grad, torch.enable_grad, torch.set_grad_enabled,
    torch.autograd.set_detect_anomaly, torch.autograd.detect_anomaly, torch.autograd.forward_ad.dual_level,
    torch.autograd.graph.saved_tensors_hooks, nullcontext,
)  # fmt: skip
