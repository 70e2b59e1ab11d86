"""Run a program on real tensors and record everything that its autograd does."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from vizgraph import language, limits
from vizgraph.engine import mending
from vizgraph.engine.evaluation import faults, settings
from vizgraph.engine.evaluation.faults import ProgramError
from vizgraph.engine.evaluation.interpreter import Interpreter
from vizgraph.engine.recording import laps
from vizgraph.engine.recording.assemble import Assembly
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.session import Session
from vizgraph.errors import VizgraphError
from vizgraph.model import Free, Nested, Program, Run


def run(
    program: Program,
    values: Mapping[str, Any] | None = None,
    requires_grad: Collection[str] | None = None,
    gradient: Any = None,
) -> Run:
    """Evaluate ``program`` and record every backward pass, as frozen values.

    ``values`` gives the free names (number, nested list, or text as typed; a missing one gets its
    default), ``requires_grad`` says which of them are leaves (None: all). Where the program never calls
    backward itself, its outputs are the roots and ``gradient`` the upstream gradient placed on them
    (None: ones; one value for one output, else a list with one for each, or a mapping by name).
    """
    return _run(program, values or {}, requires_grad, gradient, mends=True)


def _run(
    program: Program, values: Mapping[str, Any], requires_grad: Collection[str] | None, gradient: Any, *, mends: bool,
    passes: int | None = None,
) -> Run:  # fmt: skip
    """Run a program; with ``mends``, lines that may mend an error are tried by running it with them.

    ``passes`` is how often an earlier run called backward, where only that tells which passes are the last."""
    recorder = Recorder()
    session = Session(recorder)
    session.total = passes
    interpreter = Interpreter(program, recorder, session)
    failure: ProgramError | None = None

    def again(other: Program) -> Run:
        return _run(other, values, requires_grad, gradient, mends=False)

    with OwnState(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            _bind_inputs(interpreter, program, values, requires_grad)
            interpreter.execute(program.tree.body)
            if not session.passed:
                _backward_unasked(interpreter, program, gradient)
        except ProgramError as error:
            failure = error
        except VizgraphError as error:
            raise mending.refusal(program, interpreter, error, again) if mends else error from None
        except RecursionError:
            raise VizgraphError("the program is nested too deeply", None, "split it into assignments") from None
        if session.left_at == session.passed and passes is None and interpreter.steps <= limits.FIRST_RUN_STEPS:
            # The last passes were not kept, because nobody knew that they were the last: now we do.
            return _run(program, values, requires_grad, gradient, mends=mends, passes=session.passed)
        assembly = Assembly(recorder, session, unfinished=failure is not None)
        news = (_without_trace(str(item.message)) for item in caught if _is_news(item))
        said = [*laps.notes(session), *interpreter.warnings, *map(faults.plain, news)]
        tries = again if mends else mending.nothing
        fault = mending.fault(program, interpreter, failure, assembly, tries) if failure is not None else None
        notices = tuple(mending.noticed(program, interpreter, assembly, tries, fault))
        return assembly.run(program, interpreter.printed.lines, said, fault, notices)


class OwnState:
    """Leave the caller's random numbers and gradient mode as they were; start from a fixed seed."""

    def __enter__(self) -> None:
        self._random = torch.get_rng_state()
        self._mode = torch.is_grad_enabled()
        self._always = torch.is_warn_always_enabled()
        torch.set_warn_always(True)  # what torch says once must not depend on which program came first
        self._settings = settings.Kept()
        self._settings.__enter__()
        torch.default_generator.manual_seed(0)  # torch.manual_seed looks for accelerators: milliseconds
        torch.set_grad_enabled(True)

    def __exit__(self, *_: object) -> None:
        self._settings.__exit__()
        torch.set_warn_always(self._always)
        torch.set_grad_enabled(self._mode)
        torch.set_rng_state(self._random)


def _bind_inputs(
    interpreter: Interpreter, program: Program, values: Mapping[str, Any], requires_grad: Collection[str] | None
) -> None:
    if not all(name.isidentifier() for name in values):
        raise VizgraphError(
            "a value is given for what is no name",
            hint="a name has letters, digits and underscores, and no digit first",
        )
    for free in program.free:
        value = _read(free, values)
        leaf = requires_grad is None or free.name in requires_grad
        tensor = torch.tensor(value, dtype=torch.float32, requires_grad=leaf)
        interpreter.recorder.found("input", tensor, free.name, free.span, kind="leaf" if leaf else "constant")
        interpreter.recorder.name(tensor, free.name)
        interpreter.scope.names[free.name] = tensor


def _read(free: Free, values: Mapping[str, Any]) -> Nested:
    if free.name not in values:
        return free.default
    try:
        return language.read_value(values[free.name])
    except VizgraphError as error:
        raise VizgraphError(f"the value of {free.name}: {error.message}", free.span, error.hint) from None


def _backward_unasked(interpreter: Interpreter, program: Program, gradient: Any) -> None:
    """Show the backward pass of a program that has none of its own; code that runs well stays without error."""
    interpreter.printed.muted = program.imports
    try:
        _backward_from_outputs(interpreter, program, gradient)
    except ProgramError as error:
        if not program.imports:
            raise
        interpreter.warn(f"There is no backward pass to show: {error.message}")


def _backward_from_outputs(interpreter: Interpreter, program: Program, gradient: Any) -> None:
    """Place the upstream gradient on the outputs of a program that never calls backward itself."""
    outputs = _outputs(interpreter, program)
    if not outputs:
        if program.imports:  # Python that only prints is a program, too
            return
        raise ProgramError(
            "element 0 of tensors does not require grad and does not have a grad_fn",
            language.span_of(program.tree.body[-1]),
            "no output depends on a leaf: switch requires_grad on for an input, and use it in a function",
        )
    seeds = [
        None if given is None else _seed(name, tensor, given)
        for (name, tensor), given in zip(outputs.items(), _split(outputs, gradient), strict=True)
    ]
    ones = [torch.ones_like(t) if seed is None else seed for t, seed in zip(outputs.values(), seeds, strict=True)]
    culprit = next(iter(outputs.values()))
    try:
        interpreter.session.backward(list(outputs.values()), ones, None)
    except Exception as error:  # torch raises many kinds
        raise faults.explained(error, interpreter.recorder.made(culprit).entry.span, culprit) from None


def _outputs(interpreter: Interpreter, program: Program) -> dict[str, Tensor]:
    """The outputs by name; a list of tensors is as many outputs."""
    found: dict[str, Tensor] = {}
    for name in program.outputs:
        value = interpreter.scope.names.get(name)
        items = (
            {f"{name}[{place}]": item for place, item in enumerate(value)} if isinstance(value, (list, tuple)) else {}
        )
        for text, item in (items or {name: value}).items():
            if isinstance(item, Tensor) and item.requires_grad and all(item is not other for other in found.values()):
                found[interpreter.recorder.name_output(item, text)] = item
    return found


def _split(outputs: Mapping[str, Tensor], gradient: Any) -> Sequence[Any]:
    """One upstream gradient for each output, from however it was given."""
    if gradient is None:
        return [None] * len(outputs)
    if isinstance(gradient, Mapping):
        unknown = [name for name in gradient if name not in outputs]
        if unknown:
            known = ", ".join(outputs)
            raise VizgraphError(f"the upstream gradient names {unknown[0]}, which is no output", hint=f"use {known}")
        return [gradient.get(name) for name in outputs]
    if len(outputs) == 1:
        return [gradient]
    try:
        parts = language.read_values(gradient)
    except VizgraphError as error:
        raise VizgraphError(f"the upstream gradient: {error.message}", None, error.hint) from None
    if len(parts) != len(outputs):
        names = ", ".join(outputs)
        raise VizgraphError(
            f"the upstream gradient needs one entry for each of the {len(outputs)} outputs {names}",
            hint="for example [" + ", ".join(["1"] * len(outputs)) + "]",
        )
    return parts


def _seed(name: str, output: Tensor, given: Any) -> Tensor:
    try:
        seed = torch.tensor(language.read_value(given), dtype=output.dtype)
    except VizgraphError as error:
        raise VizgraphError(f"the upstream gradient of {name}: {error.message}", None, error.hint) from None
    if seed.shape != output.shape:
        few = output.numel() <= 16
        example = f", for example {torch.ones_like(output).tolist()}".replace(".0", "") if few else ""
        raise VizgraphError(
            f"the upstream gradient of {name} has shape {list(seed.shape)}, and {name} has shape {list(output.shape)}",
            hint=f"give it the shape of {name}{example}",
        )
    return seed


def _is_news(item: warnings.WarningMessage) -> bool:
    return issubclass(item.category, (UserWarning, RuntimeWarning))


def _without_trace(message: str) -> str:
    """torch shows where in our own code an anomaly began: the program's line is in the error."""
    return message.split(" Traceback of forward call", maxsplit=1)[0]
