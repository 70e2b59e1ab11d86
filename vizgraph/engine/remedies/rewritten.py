"""Find which write spoiled what which step had saved, and mend the one or the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torch import Tensor

from vizgraph import language
from vizgraph.engine.recording.entries import Entry, made_in
from vizgraph.engine.recording.recorder import Write
from vizgraph.engine.recording.walk import Function
from vizgraph.engine.remedies.leaves import out_of_place
from vizgraph.engine.remedies.scene import Remedy, Scene
from vizgraph.model import Fix
from vizgraph.texts import say

SAVED = "_saved_"  # how torch calls what a function of the graph has kept
REWRITTEN = "modified by an inplace operation"


def overwritten(scene: Scene) -> Remedy:
    """Which step saved a value, and which write came after it."""
    recordings = scene.interpreter.session.recordings
    functions = recordings[-1].functions if recordings and recordings[-1].span == scene.span else []
    reader = next(filter(None, (_reader(scene, function) for function in reversed(functions))), None)
    write = _write(scene, reader) if reader is not None else None
    if reader is None or write is None or reader.span is None or write.span is None:
        return Remedy(say("why.overwritten"))
    why = say(
        "why.overwritten.by",
        reader=reader.expression, reading=reader.span.line, write=write.expression, writing=write.span.line,
    )  # fmt: skip
    statement = scene.statement(write.span)
    fresh = None if write.leaf else out_of_place(scene, statement)
    return Remedy(why, (fresh, _copied(scene, reader, write)), (reader, *write.entries))


def _reader(scene: Scene, function: Function) -> Entry | None:
    return scene.interpreter.recorder.owner(function) if refuses(function, REWRITTEN) else None


def refuses(function: Function, words: str) -> bool:
    """Whether torch refuses to give something that a function has saved, with these words."""
    for name in dir(function):
        if name.startswith(SAVED):
            try:
                getattr(function, name)
            except Exception as error:  # a debugger outlives whatever torch can't show
                if words in str(error):
                    return True
    return False


def _write(scene: Scene, reader: Entry) -> Write | None:
    """The first write after a step into the memory of its operands, or of its result."""
    entries = scene.entries()
    start = next(place for place, entry in enumerate(entries) if entry is reader)
    memory = {one for tensor in _tensors(reader) if (one := _memory(tensor)) is not None}
    writes = [write for write in scene.interpreter.recorder.writes if write.place > start]
    return next((write for write in writes if _memory(write.tensor) in memory), None)


def _tensors(reader: Entry) -> Iterator[Tensor]:
    yield from reader.tensors
    for made in made_in((reader.arguments, tuple(value for _, value in reader.keywords))):
        yield from made.entry.tensors[made.result : made.result + 1]


def _memory(tensor: Tensor) -> int | None:
    try:
        return tensor.untyped_storage().data_ptr()
    except (RuntimeError, NotImplementedError):
        return None


def _copied(scene: Scene, reader: Entry, write: Write) -> Fix | None:
    """The step reading a copy of what will be overwritten."""
    node = scene.at(reader.span, ast.expr)
    memory = _memory(write.tensor)
    names = scene.interpreter.scope.names
    read = [one for one in ast.walk(node) if isinstance(one, ast.Name)] if node is not None else []
    held = [(one, names.get(one.id)) for one in read]
    return scene.put_all(
        [
            (language.span_of(one), f"{one.id}.clone()")
            for one, value in held
            if isinstance(value, Tensor) and _memory(value) == memory
        ]
    )
