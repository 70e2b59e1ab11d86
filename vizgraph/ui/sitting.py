"""Keep what one visitor has on the page between two runs of the script."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from vizgraph import lessons
from vizgraph.texts import ENGLISH
from vizgraph.ui import desk as desks
from vizgraph.ui.address import Address, Pairs, ViewName, read
from vizgraph.ui.desk import Desk
from vizgraph.ui.forms import Form, Input, Trouble
from vizgraph.ui.jobs import Answer
from vizgraph.worker.job import Job

MOST_OPENED: Final = 24  # insides that one answer is asked for
MOST_EDITS: Final = 50  # of the program by the player that can be undone
FIRST: Final = "unknown_outer_function_math"


@dataclass(frozen=True, slots=True)
class Edit:
    """What the player wrote into the program: where (``place`` tells one tensor from another), and the desk before."""

    line: int
    place: str
    before: Desk
    program: str


@dataclass(slots=True)
class Sitting:
    """``form`` and ``payload`` are the last good ones: what goes wrong later leaves them on the page.

    ``asked`` is the last job, ``answered`` the program in it; ``heard`` the number of the v that
    came from the player and that ``payload`` is an answer to, ``told`` the number of the last one that came.
    ``key`` names what the player shows: while it stays the same, so does the player's step.
    ``groups`` are those whose insides the player asked for, of the program ``grouped``; ``wanted`` is the number of
    the last such question, ``given`` the number of the last that was answered.
    ``changes`` counts what the visitor did, ``written`` how much of that is in the address; ``edits`` are what the
    player wrote into the program.
    ``outlived`` tells that the program on the desk stopped before it had a graph, and ``payload`` is an earlier one's.
    ``behind`` tells that the fields or the board are of an earlier answer than the player.
    ``themes`` are the parts of the gallery that are open, ``marked`` the lesson it shows as chosen.
    ``bounds`` are the ends of the sliders, ``shown`` is the content of every widget as it was last shown,
    ``replaced`` what a widget held before it was set to something else, and when that was.
    ``news`` is what a request brought: who was touched, and what it means.
    Two runs of the page may overlap: ``lock`` is for what both could write.
    """

    desk: Desk
    form: Form
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    payload: dict[str, Any] | None = None
    printed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    trouble: Trouble | None = None
    notices: tuple[Trouble, ...] = ()
    ignored: tuple[str, ...] = ()
    asked: dict[str, Any] | None = None
    answered: str | None = None
    step: int = 0
    view: ViewName = "math"
    projector: bool = False
    heard: int = 0
    told: int = 0
    language: str = ENGLISH
    opened: int = 0
    key: str = ""
    entrance: tuple[int, ViewName] = (0, "math")
    outlived: bool = False
    behind: bool = False
    themes: set[str] = field(default_factory=set)
    marked: str | None = None
    bounds: dict[str, float] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    replaced: dict[str, tuple[float, Any]] = field(default_factory=dict)
    news: list[tuple[str, Callable[[], None]]] = field(default_factory=list)
    groups: tuple[str, ...] = ()
    grouped: str = ""
    wanted: int = 0
    given: int = 0
    changes: int = 0
    written: int = 0
    edits: list[Edit] = field(default_factory=list)
    rest: Job | None = None  # what still works on the board
    board: dict[str, Any] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def current() -> Sitting:
    """The visitor's sitting, opened with what the address says, anew if they went back to another address."""
    sitting: Sitting | None = st.session_state.get("sitting")
    if sitting is None:
        sitting = Sitting(Desk(""), Form())
        st.session_state["sitting"] = sitting
        open_address(sitting, *read(dict(st.query_params)))
    elif _went_back() and sitting.changes == sitting.written:
        open_address(sitting, *read(dict(st.query_params)))
    return sitting


def _went_back() -> bool:
    """Whether the browser's own buttons brought another address. An address that merely differs proves
    nothing: a browser that has not heard of the new one yet still sends the old."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def open_address(sitting: Sitting, address: Address, ignored: tuple[str, ...] = ()) -> None:
    """Lay out what an address says."""
    desk, unknown = desk_of(address)
    _lay_out(sitting, desk)
    sitting.ignored = (*ignored, *unknown)
    sitting.step, sitting.view, sitting.projector = address.step, address.view, address.projector
    sitting.language = address.language


def open_lesson(sitting: Sitting, id: str) -> None:
    """Lay out a lesson, from its first step."""
    kept = replace(Address(), view=sitting.view, projector=sitting.projector, language=sitting.language)
    open_address(sitting, replace(kept, lesson=id))
    sitting.changes += 1


def change(sitting: Sitting, desk: Desk) -> None:
    """Go on with another desk, made by the visitor's own hand."""
    with sitting.lock:
        sitting.desk, sitting.ignored = desk, ()
    sitting.changes += 1


def edit(sitting: Sitting, line: int, place: str, desk: Desk) -> None:
    """Take over a desk whose program the player wrote into; what one hand drags on and on is one edit."""
    before = sitting.desk
    if desk.program != before.program:
        last = last_edit(sitting)
        if last is not None and last.place == place:
            before = sitting.edits.pop().before
        sitting.edits = [*sitting.edits[1 - MOST_EDITS :], Edit(line, place, before, desk.program)]
    change(sitting, desk)


def undo(sitting: Sitting, number: int) -> None:
    """The desk as it was before the last edit of the player."""
    last = last_edit(sitting)
    if last is None:
        change(sitting, replace(sitting.desk, heard=number))
        return
    sitting.edits.pop()
    change(sitting, replace(last.before, heard=number))


def last_edit(sitting: Sitting) -> Edit | None:
    """The last edit, if it is still the last thing that happened to the program."""
    return sitting.edits[-1] if sitting.edits and sitting.edits[-1].program == sitting.desk.program else None


def open_groups(sitting: Sitting, number: int, groups: Iterable[str]) -> None:
    """The player wants the insides of groups, and asks even if it asked before; those that came stay."""
    with sitting.lock:
        every = dict.fromkeys((*groups, *groups_of(sitting, sitting.desk)))
        sitting.groups, sitting.grouped = tuple(every)[:MOST_OPENED], sitting.desk.program
        sitting.wanted, sitting.asked = number, None


def groups_of(sitting: Sitting, desk: Desk) -> tuple[str, ...]:
    """The groups to ask for: those of another program are none of this one."""
    return sitting.groups if sitting.grouped == desk.program else ()


def take(sitting: Sitting, answer: Answer) -> None:
    """Keep what the engine answered; only good parts replace what there was."""
    sitting.trouble = answer.trouble
    if answer.form is not None:
        sitting.form = _with_fields(answer.form, sitting.form)
        sitting.printed, sitting.warnings = answer.form.printed, answer.form.warnings
    sitting.notices = answer.form.notices if answer.form is not None else ()
    sitting.outlived = sitting.payload is not None and answer.trouble is not None and _is_bare(answer.payload)
    if answer.payload is not None and not sitting.outlived:
        sitting.payload, sitting.rest = answer.payload, answer.rest
        _name_payload(sitting)


def _is_bare(payload: dict[str, Any] | None) -> bool:
    """Whether a program stopped before it had anything to draw."""
    return payload is not None and not any(view["nodes"] for view in payload["views"].values())


def is_refused(sitting: Sitting) -> bool:
    """Whether what is on the desk gave nothing to see: the graph is that of an earlier program."""
    return sitting.trouble is not None and (sitting.outlived or sitting.trouble is not sitting.form.trouble)


def desk_of(address: Address) -> tuple[Desk, tuple[str, ...]]:
    """The desk that an address describes, and the parameters that name what does not exist."""
    lesson = lessons.lesson(address.lesson or FIRST)
    unknown = () if lesson else ("lesson",)
    desk = desks.of_lesson(lesson or _first())
    if address.program is not None:
        desk = Desk(address.program)
    desk = replace(desk, values={**desk.values, **dict(address.values)})
    if address.requires_grad is not None:
        desk = replace(desk, requires_grad=address.requires_grad)
    if address.gradient is not None:
        given = address.gradient
        desk = replace(desk, gradient=given if isinstance(given, str) else dict(given), preset="custom")
    if address.outer is not None:
        desk = replace(desk, outer=address.outer, gradient=None, preset="custom")
    return desk, unknown


def address_of(sitting: Sitting) -> Address:
    """What is on the page, as an address: of a lesson, only what differs from it."""
    desk = sitting.desk
    lesson = lessons.lesson(desk.lesson) if desk.lesson else None
    base = desks.of_lesson(lesson) if lesson else Desk("")
    names = {one.name for one in sitting.form.inputs}
    values = {name: text for name, text in desk.values.items() if name in names and base.values.get(name) != text}
    same_leaves = _leaves(desk, sitting.form) == _leaves(base, sitting.form)
    return Address(
        lesson=desk.lesson,
        program=None if lesson else desk.program,
        values=tuple(values.items()),
        requires_grad=None if same_leaves else desk.requires_grad,
        gradient=None if desk.outer or desk.gradient == base.gradient else _gradient(desk, sitting.form),
        outer=desk.outer,
        step=sitting.step,
        view=sitting.view,
        projector=sitting.projector,
        language=sitting.language,
    )


def _gradient(desk: Desk, form: Form) -> str | Pairs:
    """The upstream gradient as it stands in an address: of ones too, where the lesson has others."""
    if isinstance(desk.gradient, str):
        return desk.gradient
    texts = desk.gradient or {one.name: one.ones for one in form.outputs}
    return tuple(texts.items()) if len(texts) != 1 else next(iter(texts.values()))


def _leaves(desk: Desk, form: Form) -> frozenset[str]:
    return frozenset(one.name for one in form.inputs) if desk.requires_grad is None else frozenset(desk.requires_grad)


def _lay_out(sitting: Sitting, desk: Desk) -> None:
    """Fields for the values that are known already: the rest comes with the engine's form."""
    leaves = desk.requires_grad
    sitting.desk = desk
    sitting.form = Form(
        inputs=tuple(Input(name, text, None, leaves is None or name in leaves) for name, text in desk.values.items()),
    )
    sitting.asked, sitting.answered, sitting.opened = None, None, sitting.opened + 1
    sitting.printed, sitting.warnings, sitting.notices, sitting.bounds = (), (), (), {}


def _with_fields(form: Form, before: Form) -> Form:
    """A program that failed before its backward pass has no outputs to tell: the fields stay as they were."""
    if form.trouble is None or form.outputs:
        return form
    return replace(form, outputs=before.outputs, own_backward=before.own_backward)


def _name_payload(sitting: Sitting) -> None:
    """A program changed by hand starts at the first step, what was just opened at the step it came with.

    One that failed starts where it stopped: there what it is about is lit."""
    program = sitting.desk.kin or sitting.desk.program
    digest = hashlib.sha256(program.encode(errors="replace")).hexdigest()[:16]
    key = f"{sitting.opened}-{digest}"
    if key == sitting.key:
        return
    if sitting.key.startswith(f"{sitting.opened}-"):
        sitting.step = 0
    if sitting.trouble is not None and not sitting.step and sitting.payload is not None:
        sitting.step = len(sitting.payload["views"][sitting.view]["beats"]) - 1
    sitting.key, sitting.entrance = key, (sitting.step, sitting.view)


def _first() -> lessons.Lesson:
    lesson = lessons.lesson(FIRST)
    assert lesson is not None
    return lesson
