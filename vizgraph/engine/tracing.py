"""Trace live tensors of any PyTorch code, and leave everything of theirs as it was."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from vizgraph.engine.evaluation import faults
from vizgraph.engine.recording import asked, packed, saved
from vizgraph.engine.recording.asked import Output
from vizgraph.engine.recording.assemble import Assembly
from vizgraph.engine.recording.backward import no_collection
from vizgraph.engine.recording.entries import Entry
from vizgraph.engine.recording.failing import stepped
from vizgraph.engine.recording.local import local_jacobians
from vizgraph.engine.recording.places import variables
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.release import Landings
from vizgraph.engine.recording.retained import NOTHING, Untouched, given_back
from vizgraph.engine.recording.session import Session
from vizgraph.engine.recording.walk import Function, is_leaf, operation_of, root_of, walk
from vizgraph.engine.recording.watch import Watch
from vizgraph.model import Fault, Run, Stop


def trace(
    outputs: Any,
    gradient: Any = None,
    *,
    names: Any = None,
    max_entries: int = 64,
    around: Mapping[str, Any] | None = None,
    watch: Watch | None = None,
    living: Untouched = NOTHING,
    expected: Any = None,
) -> Run:
    """Record one backward pass from ``outputs`` without touching any ``.grad``.

    The pass is run by ``torch.autograd.grad`` with the graph retained: it executes the same functions in
    the same order, and hands the leaves' gradients over instead of accumulating them. A graph that is
    already freed, or a backward that fails, gives the graph with what is known and ``error`` set, at the node
    that failed. Hooks of the user run as in any pass. Tensors that retain their gradient and checkpoints
    need `untouched`, which gives ``living``. ``around`` are variables that name what ``names`` leaves without a name.
    ``watch`` tells where the functions were made that were made under its eyes. ``expected`` is a module or a dict
    whose leaves are to get a gradient.
    """
    overridden = torch._C._is_torch_function_enabled()
    with _as_before(), no_collection():
        wanted = asked.outputs(outputs, gradient, watch.passes.begins_at) if watch else asked.outputs(outputs, gradient)
        recorder = Recorder(max_entries)
        session = Session(recorder)
        session.overridden = overridden
        session.retaining = frozenset(one.grad_fn for one in living.retaining if one.grad_fn is not None)
        functions = walk(root_of(one.tensor)[0] for one in wanted)
        Landings().place(functions)
        _name(recorder, functions, wanted, names, around or {})
        if watch is not None:
            _place(recorder, functions, watch)
        error: Exception | None = None
        begun = _own_passes(session, functions, watch) if watch is not None else frozenset()
        try:
            if gradient is not None or not {root_of(one.tensor) for one in wanted} <= begun:
                with (
                    given_back(living.retaining, functions),
                    packed.written_back(functions if living.checkpoints else ()),
                ):
                    session.hand_over([one.tensor for one in wanted], [one.seed for one in wanted], functions)
        except Exception as failure:  # whatever a user's graph or hooks raise, the graph itself is still worth seeing
            error = failure
        unreached = _find_unreached(recorder, expected, watch)
        with packed.written_back(functions if living.checkpoints else ()):
            for recording in session.recordings:
                if error is not None or saved.is_odd(recording):
                    saved.recall(recorder, recording.functions)
        assembly = Assembly(recorder, session, unfinished=error is not None, functions=functions)
        fault = _fault(error, assembly)
        error = None  # its traceback holds this frame, and so all that is seen from here
        run = assembly.run(None, (), (), fault)
        return replace(run, stops=tuple(_stops(assembly, unreached, watch))) if watch is not None else run


def _name(
    recorder: Recorder,
    functions: Sequence[Function],
    wanted: Sequence[Output],
    names: Any,
    around: Mapping[str, Any],
) -> None:
    """Tell the recorder of every tensor whose name or value is known: leaves, outputs, variables in between."""
    told = asked.names_of(names)
    known = asked.names_of({name: value for name, value in around.items() if value is not names}) | told
    for function in functions:
        if is_leaf(function):
            recorder.found_leaf(function.variable, known.get(id(function.variable)))
    for one in wanted:
        recorder.found_output(one.tensor, one.name or known.get(id(one.tensor)))
    present = set(functions)
    for name, tensor in (*asked.results_of_names(names), *asked.results_of_names(around)):
        if tensor.grad_fn in present:
            recorder.found_output(tensor, name)


def _place(recorder: Recorder, functions: Sequence[Function], watch: Watch) -> None:
    """Tell the recorder what was seen when the functions were made."""
    numbered = {function._sequence_nr(): function for function in functions if not is_leaf(function)}
    for _, function in sorted(numbered.items()):
        origin = watch.origin(function)
        if origin is None:
            continue
        entry = recorder.owner(function)
        if entry is None:
            entry = Entry("operation", operation_of(function), (), (), "", None, [], [function])
            recorder.own(function, entry)
        entry.values = entry.values or list(origin.values)
        entry.name = entry.name or origin.name
        entry.expression = entry.expression or origin.expression
        entry.module, entry.written_by = origin.module, origin.call
        entry.version = origin.version if entry.version is None else entry.version
        if origin.results:
            recorder.results[function] = origin.results
        if origin.given:
            recorder.constants[function] = tuple((-1, value) for value in origin.given)
        entry.backward_of = numbered.get(-1 if origin.backward_of is None else origin.backward_of)
        if origin.place is not None:
            entry.span, entry.file = origin.place.span, origin.place.file


def _own_passes(session: Session, functions: Sequence[Function], watch: Watch) -> frozenset[tuple[Function, int]]:
    """Tell the passes that the code ran by itself in this graph; return where they began."""
    session.recordings = watch.passes.within(functions)
    session.passed = max((recording.number for recording in session.recordings), default=0)
    local = local_jacobians(functions, live=True) if session.recordings else {}
    for recording in session.recordings:
        recording.locals = local
    return frozenset(root for recording in session.recordings for root in recording.roots)


def _fault(error: Exception | None, assembly: Assembly) -> Fault | None:
    """What failed, at which function, and what to do."""
    if error is None:
        return None
    message = faults.sentence(error)
    recordings = assembly.session.recordings
    function = recordings[-1].failing if recordings else None
    entry = assembly.recorder.owner(function)
    advice = stepped(function, message) or faults.advice(message)
    return Fault(message, entry.span if entry else None, advice, assembly.nodes.get(function))


def _find_unreached(recorder: Recorder, expected: Any, watch: Watch | None) -> list[Tensor]:
    """The leaves that somebody named are leaves, whether a gradient reaches them or not; return those it does not."""
    model = watch.modules.model if watch is not None and not isinstance(expected, torch.nn.Module) else None
    unreached = []
    for name, tensor in (*asked.leaves_of(expected), *asked.leaves_of(model)):
        if not recorder.knows(tensor):
            recorder.found_leaf(tensor, name)
            unreached.append(tensor)
    return unreached


def _stops(assembly: Assembly, unreached: Sequence[Tensor], watch: Watch) -> Iterator[Stop]:
    """What ended the history of each, as far as it was seen."""
    for tensor in unreached:
        leaf = assembly.calls[assembly.recorder.entry(tensor)]
        shadow = watch.cuts.ended(tensor, assembly.functions)
        if shadow is not None:
            place = shadow.place
            text, name = (place.text, place.variable) if place else ("", None)
            span, file = (place.span, place.file) if place else (None, None)
            block = shadow.block.span if shadow.block else None
            yield Stop(leaf, shadow.why(), text, name, span, file, shadow.module, block.line if block else None)
        elif isinstance(tensor, torch.nn.Parameter) and (holder := watch.modules.holder(tensor)) is not None:
            path, called = holder
            named = (assembly.recorder.entry(tensor).name or "").rpartition(".")[0]
            yield Stop(leaf, "called" if called else "uncalled", module=named or path or None)


def variables_of_caller(depth: int) -> dict[str, Any]:
    """Return the variables of the code ``depth`` calls up: tensors and modules have their names there.

    So do the attributes of its ``self``, and short lists, tuples and dicts that may hold some."""
    found = variables(sys._getframe(depth))
    inner = getattr(found.get("self"), "__dict__", None)
    if isinstance(inner, dict) and not isinstance(found["self"], torch.nn.Module):
        found |= {f"self.{name}": value for name, value in inner.items()}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, (Tensor, torch.nn.Module)) or asked.is_short(value)
    }


@contextmanager
def _as_before() -> Iterator[None]:
    """Give the random numbers back as they were: a backward may draw some (dropout that is computed again)."""
    plain, numpy = random.getstate(), getattr(sys.modules.get("numpy"), "random", None)
    numbers = numpy.get_state() if numpy else None
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()  # type: ignore[no-untyped-call]
    try:
        # somebody's subclass of tensors hears only of the pass
        with (
            torch.random.fork_rng(devices),
            torch.inference_mode(False),
            torch._C.DisableTorchFunctionSubclass(),
        ):
            yield
    finally:
        random.setstate(plain)
        if numpy:
            numpy.set_state(numbers)
