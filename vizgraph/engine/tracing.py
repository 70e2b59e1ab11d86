"""Trace live tensors of any PyTorch code, and leave everything of theirs as it was."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from vizgraph.engine.evaluation import faults
from vizgraph.engine.recording import asked, saved
from vizgraph.engine.recording.assemble import Assembly
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.session import Session
from vizgraph.engine.recording.walk import is_leaf, root_of, walk
from vizgraph.model import Fault, Run


def trace(outputs: Any, gradient: Any = None, *, names: Any = None, max_entries: int = 64) -> Run:
    """Record one backward pass from ``outputs`` without touching any ``.grad``.

    The pass is run by ``torch.autograd.grad`` with the graph retained: it executes the same functions in
    the same order, and hands the leaves' gradients over instead of accumulating them. A graph that is
    already freed, or a backward that fails, gives the graph with what is known and ``error`` set.
    """
    with _as_before():
        wanted = asked.outputs(outputs, gradient)
        recorder = Recorder(max_entries)
        session = Session(recorder)
        known = asked.names_of(names)
        for function in walk(root_of(one.tensor)[0] for one in wanted):
            if is_leaf(function):
                recorder.found_leaf(function.variable, known.get(id(function.variable)))
        for one in wanted:
            recorder.found_output(one.tensor, one.name or known.get(id(one.tensor)))
        error: Fault | None = None
        try:
            session.hand_over([one.tensor for one in wanted], [one.seed for one in wanted])
        except Exception as failure:  # whatever a user's graph or hooks raise, the graph itself is still worth seeing
            message = faults.sentence(failure)
            error = Fault(message, None, faults.advice(message))
        if isinstance(names, torch.nn.Module):
            _find_unreached(recorder, names)
        for recording in session.recordings:
            if error is not None or saved.is_broken(recording):
                saved.recall(recorder, recording.functions)
        run = Assembly(recorder, session, unfinished=error is not None).run(None, (), (), error)
        return dataclasses.replace(run, calls=())


def _find_unreached(recorder: Recorder, module: torch.nn.Module) -> None:
    """The parameters of a module that was named are leaves, whether a gradient reaches them or not."""
    for name, parameter in module.named_parameters():
        if parameter.requires_grad and not recorder.knows(parameter):
            recorder.found_leaf(parameter, name)


def variables_of_caller(depth: int) -> dict[str, Any]:
    """Return the variables of the code ``depth`` calls up: tensors and modules have their names there."""
    frame = sys._getframe(depth)
    found = {**frame.f_globals, **frame.f_locals}
    return {name: value for name, value in found.items() if isinstance(value, (Tensor, torch.nn.Module))}


@contextmanager
def _as_before() -> Iterator[None]:
    """Give the random numbers back as they were: a backward may draw some (dropout that is computed again)."""
    state = torch.get_rng_state()
    try:
        yield
    finally:
        torch.set_rng_state(state)
