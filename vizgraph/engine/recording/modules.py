"""Know in which module of which model code is running: "layers.3.attn", of its second call "layers.3.attn#2"."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from typing import Any

import torch
from torch import nn
from torch.nn.modules import module as torch_modules
from torch.utils.hooks import RemovableHandle

from vizgraph.engine.recording import places


class Modules:
    """The path of the running module; every module of this thread tells when it is called and when it is done."""

    def __init__(self, model: nn.Module | None) -> None:
        self.model = model
        self.roots: dict[str, nn.Module] = {}
        self._paths: dict[nn.Module, str] = {}
        self._running: list[tuple[str, str]] = []  # of every module that is running its path, plain and with its calls
        self._calls: Counter[str] = Counter()  # by path, within one call of what is outermost
        self._called: set[nn.Module] = set()
        self._handles: list[RemovableHandle] = []
        self._thread = 0
        if model is not None:
            self._know("", model)

    @property
    def path(self) -> str | None:
        return (self._running[-1][1] if self._running else "") or None

    def parameters(self) -> dict[str, nn.Parameter]:
        """The parameters of all modules that were met, by their paths."""
        return {
            f"{path}.{name}" if path else name: one
            for path, root in self.roots.items()
            for name, one in root.named_parameters()
        }

    def holder(self, parameter: nn.Parameter) -> tuple[str, bool] | None:
        """The path of the module that holds a parameter, and whether it was called; None where nobody knows it."""
        for module, path in self._paths.items():
            if any(one is parameter for one in module._parameters.values()):
                return path, module in self._called
        return None

    def listen(self) -> None:
        self._thread = threading.get_ident()
        self._handles = [
            torch_modules.register_module_forward_pre_hook(self._enter),
            torch_modules.register_module_forward_hook(self._leave, always_call=True),
        ]

    def stop(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._running.clear()

    def _enter(self, module: nn.Module, *_: Any) -> None:
        if torch.compiler.is_compiling():  # the compiler would take this for a part of the module
            return
        if threading.get_ident() == self._thread:
            if module not in self._paths:
                self._meet(module)
            self._running.append(self._told(self._paths[module]))
            self._called.add(module)

    def _told(self, plain: str) -> tuple[str, str]:
        """A path, and the same with the numbers of the calls; each call of the outermost module counts anew."""
        if not self._running:
            self._calls.clear()
            return plain, plain
        around, called = self._running[-1]
        inside = plain.removeprefix(f"{around}.") if plain.startswith(f"{around}.") else None
        path = f"{called}.{inside}" if called and inside else plain
        self._calls[path] += 1
        return plain, path if self._calls[path] == 1 else f"{path}#{self._calls[path]}"

    def _leave(self, *_: Any) -> None:
        if torch.compiler.is_compiling():
            return
        if threading.get_ident() == self._thread and self._running:
            self._running.pop()

    def _meet(self, module: nn.Module) -> None:
        """A module that no known model holds: it has the name of a variable, inside of whatever is running."""
        name = places.owner(sys._getframe(2), lambda value: value is module) or type(module).__name__
        around = self._running[-1][0] if self._running else ""
        self._know(f"{around}.{name}" if around else name, module)

    def _know(self, path: str, module: nn.Module) -> None:
        self.roots[path] = module
        for inner, one in module.named_modules():
            self._paths.setdefault(one, f"{path}.{inner}" if path and inner else path or inner)
