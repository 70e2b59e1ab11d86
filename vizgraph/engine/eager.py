"""Keep torch's compiler out of a process that only evaluates.

Optimizers and torch.func tell `torch._dynamo` to stay out of their way, and that
loads all of it: 0.7 s and 40 MB for a compiler that nobody asks to compile. What
they call has a stand-in here; whatever else somebody asks of it is the real one.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import torch

_NAME: Final = "torch._dynamo"


class _Absent(ModuleType):
    """A compiler that is not there, and so has nothing to disable."""

    compiled_autograd = SimpleNamespace(_disable=contextlib.nullcontext)

    @staticmethod
    def disable(function: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
        return function

    @staticmethod
    def graph_break() -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        """Give way to the real one; what modules are asked on the way of an import is no reason to."""
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME], torch._dynamo
        return getattr(torch._dynamo, name)  # torch loads it when it is asked


def stay_eager() -> None:
    """Put the stand-in where torch looks for its compiler, if that isn't loaded yet."""
    if _NAME not in sys.modules:
        sys.modules[_NAME] = torch._dynamo = _Absent(_NAME)
