"""Tell a failure whole: what was said, where, why, and the lines that were tried and mend it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from torch import Tensor

from vizgraph import language
from vizgraph.engine.evaluation import faults
from vizgraph.engine.evaluation.faults import ProgramError
from vizgraph.engine.evaluation.interpreter import Interpreter
from vizgraph.engine.recording.assemble import Assembly
from vizgraph.engine.remedies import Remedy, Scene, notices, remedy
from vizgraph.errors import VizgraphError, one_line
from vizgraph.model import Fault, Fix, Program, Run
from vizgraph.texts import say

Again = Callable[[Program], Run]

OFFERED: Final = 2  # lines, of all that mend it
PATIENCE: Final = 0.4  # seconds for trying


def nothing(program: Program) -> Run:
    """Try nothing: this run is a trial itself."""
    raise VizgraphError("a trial is not tried again")


def fault(program: Program, interpreter: Interpreter, failure: ProgramError, assembly: Assembly, again: Again) -> Fault:
    """Return the error of a program that ran and failed."""
    hint = failure.hint or faults.advice(failure.message)
    scene = Scene(
        program, interpreter, failure.message, failure.span, hint, failure.culprit, failure.arguments
    )  # fmt: skip
    found = _remedy(scene)
    return _told(scene, found, assembly, tuple(_mending(scene, found, again)))


def noticed(
    program: Program, interpreter: Interpreter, assembly: Assembly, again: Again, error: Fault | None
) -> Iterator[Fault]:
    """Yield what went wrong in a program without stopping it; not what would be mended with its error."""
    for scene, found in _unnoticed(program, interpreter):
        notice = _silent(scene, found, assembly, again)
        if error is None or not set(error.fixes) & set(found.fixes):
            yield notice


def _unnoticed(program: Program, interpreter: Interpreter) -> Iterator[tuple[Scene, Remedy]]:
    for look in interpreter.looks:
        scene = Scene(program, interpreter, look.message, look.span, culprit=look.tensor)
        yield scene, _remedy(scene)
    scene = Scene(program, interpreter, "", None)
    for key, found in notices(scene):
        entry = found.culprits[0]
        scene.span, scene.message = entry.span, say(key, step=entry.expression or entry.operation)
        yield scene, found


def _silent(scene: Scene, found: Remedy, assembly: Assembly, again: Again) -> Fault:
    def good(run: Run) -> bool:
        return run.error is None and all(one.message != scene.message for one in run.notices)

    return _told(scene, found, assembly, tuple(_tried(scene, found.fixes, again, good)))


def refusal(program: Program, interpreter: Interpreter, error: VizgraphError, again: Again) -> VizgraphError:
    """Give a refusal the lines that would be accepted."""
    scene = Scene(program, interpreter, error.message, error.span, error.hint)
    if not error.fixes:
        error.fixes = tuple(_mending(scene, _remedy(scene), again))
    return error


def _remedy(scene: Scene) -> Remedy:
    try:
        return remedy(scene)
    except (VizgraphError, ProgramError, LookupError, TypeError, ValueError, AttributeError, RuntimeError):
        return Remedy()  # the error itself is worth more than its explanation


def _told(scene: Scene, found: Remedy, assembly: Assembly, fixes: tuple[Fix, ...]) -> Fault:
    given = [] if found.culprits else [one for one in (scene.culprit, *scene.arguments) if isinstance(one, Tensor)]
    entries = [*found.culprits, *filter(None, map(scene.entry, given))]
    nodes = [assembly.calls[entry] for entry in entries if entry in assembly.calls]
    node = next(iter(nodes), None) or assembly.node_of(scene.culprit)
    also = tuple(dict.fromkeys(one for one in nodes if one != node))
    return Fault(scene.message, scene.span, scene.hint and one_line(scene.hint), node, found.why, fixes, also)


def _mending(scene: Scene, found: Remedy, again: Again) -> Iterator[Fix]:
    """The lines with which the program gets past this error."""
    yield from _tried(scene, found.fixes, again, lambda run: _is_past(scene, run))


def _tried(
    scene: Scene, fixes: Iterable[Fix | None], again: Again, good: Callable[[Run], bool]
) -> Iterator[Fix]:  # fmt: skip
    start, offered = time.monotonic(), 0
    for fix in dict.fromkeys(fix for fix in fixes if fix is not None):
        if offered == OFFERED or time.monotonic() - start > PATIENCE:
            return
        try:
            run = again(language.parse(language.mended(scene.program.source, fix)))
        except Exception:  # whatever this line would do, it is no help
            continue
        if good(run):
            offered += 1
            yield fix


def _is_past(scene: Scene, run: Run) -> bool:
    """No error, or another one further down."""
    if run.error is None or scene.span is None:
        return run.error is None
    return run.error.span is not None and run.error.span.line > scene.span.line + _added(scene, run)


def _added(scene: Scene, run: Run) -> int:
    """How many lines the program has gained."""
    return run.program.source.count("\n") - scene.program.source.count("\n") if run.program else 0
