"""Know in which module of a program a call runs: "model.blocks.0", of its second call "model.blocks.0#2"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

from vizgraph.engine.recording.recorder import Recorder


class Paths:
    """The paths of a program's modules: the variable that held one first, then the names inside of it."""

    def __init__(self) -> None:
        self._known: dict[nn.Module, str] = {}
        self._running: list[tuple[str, str]] = []  # of every module that is running its path, plain and with its calls
        self._calls: Counter[str] = Counter()

    def name(self, module: nn.Module, name: str) -> None:
        """A variable holds a module; what has a path keeps it."""
        for inner, one in module.named_modules():
            self._known.setdefault(one, f"{name}.{inner}" if inner else name)

    @contextmanager
    def within(self, recorder: Recorder, module: nn.Module, kind: str) -> Iterator[None]:
        """Whatever is recorded in this block runs in the module; one that no variable held goes by its ``kind``."""
        before = recorder.module
        plain, called = self._path(module, kind)
        self._calls[called] += 1
        recorder.module = called if self._calls[called] == 1 else f"{called}#{self._calls[called]}"
        self._running.append((plain, recorder.module))
        try:
            yield
        finally:
            self._running.pop()
            recorder.module = before

    def _path(self, module: nn.Module, kind: str) -> tuple[str, str]:
        around, called = self._running[-1] if self._running else ("", "")
        plain = self._known.get(module) or (f"{around}.{kind}" if around else kind)
        inside = around and plain.startswith(f"{around}.")
        return plain, called + plain.removeprefix(around) if inside else plain
