"""Stages that do what no program may make them do, each at its word."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from vizgraph.engine.library import functions

FORM = {"inputs": [], "outputs": [], "printed": [], "warnings": [], "error": None}


def stages(job: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    error = None
    match job["source"]:
        case "file":
            _try(lambda: Path("vizgraph_canary").write_text("x"))
        case "socket":
            _try(lambda: socket.socket().connect(("127.0.0.1", 9)))
        case "process":
            _try(lambda: subprocess.run(["true"], check=False))
        case "environment":
            os.environ["VIZGRAPH_CANARY"] = "1"
        case "code":
            _try(lambda: eval("1 + 1"))
        case "state":
            torch.set_default_dtype(torch.float64)
        case "table":
            functions.CONSTANTS["pi"] = 3
        case "crash":
            os.abort()
        case "bug":
            raise KeyError("a")
        case "traceback":
            error = {"message": 'File "/usr/lib/a.py", line 3', "line": None, "column": None, "hint": None}
        case "place":
            error = {"message": "wrong", "line": 7, "column": 1, "hint": None}
        case "endless":
            while True:
                pass
    yield "form", {**FORM, "error": error}


def _try(deed: Any) -> None:
    with contextlib.suppress(OSError):
        deed()
