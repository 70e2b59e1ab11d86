"""Find what a program does wrong: parse it, run it, look."""

from __future__ import annotations

import contextlib
from typing import Any

import torch

from vizgraph import engine, language
from vizgraph.findings import Findings, find
from vizgraph.model import Finding, Run


def run(source: str) -> Run:
    return engine.run(language.parse(source))


def findings(source: str) -> Findings:
    return find(run(source))


def only(source: str) -> Finding:
    """The one finding of a program."""
    (found,) = findings(source)
    return found


def leaves_of(source: str) -> dict[str, Any]:
    """The names of a program after torch itself has run it."""
    names: dict[str, Any] = {}
    with contextlib.suppress(RuntimeError):
        exec(source, names)
    return {name: value for name, value in names.items() if isinstance(value, torch.Tensor)}


def blamed_by_torch(source: str) -> str | None:
    """The function that torch's own anomaly mode names for the program; None where it is silent."""
    try:
        with torch.autograd.detect_anomaly(check_nan=True):
            exec(source, {})
    except RuntimeError as error:
        return str(error).split("'")[1] if "returned nan values" in str(error) else None
    return None
