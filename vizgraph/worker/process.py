"""Start the zygote's process and listen to it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from vizgraph.worker import protocol

_ROOT = Path(__file__).resolve().parents[2]

_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",  # a process that forks must have one thread
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",  # an accelerator would start threads of autograd's, which no fork survives
    "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # macOS
    "PYTHONHASHSEED": "0",  # the same input gives the same answer in every process
    "PYTHONIOENCODING": "utf-8",
}


class Process:
    """A running zygote: ``heard(process, number, word, payload)`` and ``ended(process)`` are called from its reader."""

    def __init__(
        self,
        arguments: list[str],
        heard: Callable[[Process, int, str, bytes], None],
        ended: Callable[[Process], None],
    ) -> None:
        self.ready = False
        self.forks = False
        self.served = 0
        self._heard = heard
        self._ended = ended
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "vizgraph.worker.zygote", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=_environment(),
            start_new_session=True,  # Ctrl+C in the terminal is for the client
        )
        self._input: IO[bytes] = self._popen.stdin  # type: ignore[assignment]
        self._output: IO[bytes] = self._popen.stdout  # type: ignore[assignment]
        threading.Thread(target=self._listen, name="vizgraph-zygote", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    def say(self, line: bytes) -> None:
        """Send a line; where the process is gone its reader will notice."""
        with contextlib.suppress(OSError):
            protocol.write_all(self._input.fileno(), line)

    def kill(self) -> None:
        self._popen.kill()

    def close(self, patience: float = 1.0) -> None:
        """End the process: it ends by itself when its input does."""
        with contextlib.suppress(OSError):
            self._input.close()
        try:
            self._popen.wait(patience)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def _listen(self) -> None:
        lines = protocol.Lines(longest=protocol.ANSWER)
        while piece := self._output.read(protocol.CHUNK):
            try:
                for text in lines.feed(piece):
                    self._heard(self, *protocol.read(text))
            except ValueError:  # without fork a job can break what its process says
                self._popen.kill()
        self._popen.wait()
        self._output.close()
        self._ended(self)  # from now on nobody writes to it
        self._input.close()


def _environment() -> dict[str, str]:
    # Large pages halve what a fork has to copy; other C libraries than glibc don't look at this.
    tunables = ":".join(filter(None, ("glibc.malloc.hugetlb=1", os.environ.get("GLIBC_TUNABLES"))))
    return {**os.environ, **_ENVIRONMENT, "GLIBC_TUNABLES": tunables, "PYTHONPATH": python_path()}


def python_path() -> str:
    """This very package first, then what the client had."""
    return os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
