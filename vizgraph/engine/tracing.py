"""Trace live tensors of any PyTorch code, and leave everything of theirs as it was."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from vizgraph.engine.evaluation import faults
from vizgraph.engine.recording.assemble import Assembly
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.session import Session
from vizgraph.engine.recording.walk import is_leaf, root_of, walk
from vizgraph.errors import VizgraphError
from vizgraph.model import Fault, Run


def trace(outputs: Any, gradient: Any = None, *, names: Any = None, max_entries: int = 64) -> Run:
    """Record one backward pass from ``outputs`` without touching any ``.grad``.

    The pass is run by ``torch.autograd.grad`` with the graph retained: it executes the same functions in
    the same order, and hands the leaves' gradients over instead of accumulating them. A graph that is
    already freed, or a backward that fails, gives the graph with what is known and ``error`` set.
    """
    named = dict(_outputs(outputs))
    tensors = list(named.values())
    if not tensors:
        raise VizgraphError("there is no tensor to trace", hint="give a tensor, or a list, tuple or dict of tensors")
    for name, tensor in named.items():
        if not tensor.requires_grad:
            raise VizgraphError(
                f"{name or 'the output'} does not require grad, so autograd holds no graph behind it",
                hint="trace a tensor that depends on a leaf with requires_grad=True",
            )
    seeds = _seeds(named, gradient)
    recorder = Recorder(max_entries)
    session = Session(recorder)
    known = _names(names)
    for function in walk(root_of(tensor)[0] for tensor in tensors):
        if is_leaf(function):
            recorder.found_leaf(function.variable, known.get(id(function.variable)))
    for name, tensor in named.items():
        recorder.found_output(tensor, name or known.get(id(tensor)))
    error: Fault | None = None
    try:
        session.hand_over(tensors, seeds)
    except Exception as failure:  # whatever a user's graph or hooks raise, the graph itself is still worth seeing
        message = faults.sentence(failure)
        error = Fault(message, None, faults.advice(message))
    run = Assembly(recorder, session, unfinished=error is not None).run(None, (), (), error)
    return dataclasses.replace(run, calls=())


def variables_of_caller(depth: int) -> dict[str, Any]:
    """Return the variables of the code ``depth`` calls up: tensors and modules have their names there."""
    frame = sys._getframe(depth)
    found = {**frame.f_globals, **frame.f_locals}
    return {name: value for name, value in found.items() if isinstance(value, (Tensor, torch.nn.Module))}


def _outputs(outputs: Any, name: str = "") -> Iterator[tuple[str, Tensor]]:
    if isinstance(outputs, Tensor):
        yield name, outputs
    elif isinstance(outputs, Mapping):
        for key, value in outputs.items():
            yield from _outputs(value, f"{name}.{key}" if name else str(key))
    elif isinstance(outputs, (list, tuple)):
        for place, value in enumerate(outputs):
            yield from _outputs(value, f"{name or 'outputs'}[{place}]")


def _seeds(named: Mapping[str, Tensor], gradient: Any) -> list[Tensor]:
    given: Sequence[Any]
    if gradient is None:
        given = [None] * len(named)
    elif isinstance(gradient, Mapping):
        given = [gradient.get(name) for name in named]
    elif isinstance(gradient, (list, tuple)) and len(named) > 1:
        given = gradient
    else:
        given = [gradient]
    if len(given) != len(named):
        raise VizgraphError(f"{len(given)} gradients were given for {len(named)} outputs", hint="give one for each")
    return [_seed(name, tensor, seed) for (name, tensor), seed in zip(named.items(), given, strict=True)]


def _seed(name: str, tensor: Tensor, given: Any) -> Tensor:
    what = name or "the output"
    if given is None:
        if tensor.numel() != 1:
            raise VizgraphError(
                f"{what} has shape {list(tensor.shape)}: say which combination of its entries you want",
                hint="give gradient=torch.ones_like(...), or trace its sum",
            )
        return torch.ones_like(tensor)
    seed = torch.as_tensor(given, dtype=tensor.dtype, device=tensor.device).detach()
    if seed.shape != tensor.shape:
        raise VizgraphError(
            f"the gradient of {what} has shape {list(seed.shape)}, and {what} has shape {list(tensor.shape)}",
            hint="give it the same shape",
        )
    return seed


def _names(names: Any) -> dict[int, str]:
    """Names by the identity of their tensors; the first name of a tensor wins."""
    found: dict[int, str] = {}
    items = names.named_parameters() if isinstance(names, torch.nn.Module) else dict(names or {}).items()
    for name, value in items:
        if isinstance(value, Tensor):
            found.setdefault(id(value), name)
        elif isinstance(value, torch.nn.Module):
            for path, parameter in value.named_parameters():
                found.setdefault(id(parameter), f"{name}.{path}")
    return found
