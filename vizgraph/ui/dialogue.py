"""Ask the engine for what is on the desk, and again where its answer shows that the desk was out of date."""

from __future__ import annotations

from typing import Any

from vizgraph.ui import desk as desks
from vizgraph.ui import jobs
from vizgraph.ui.desk import Desk
from vizgraph.ui.jobs import Answer
from vizgraph.ui.sitting import Sitting, groups_of, take


def hear(sitting: Sitting) -> None:
    """Ask if there is something new to ask, and keep the answer.

    Streamlit starts the next run while this one still waits. What changed meanwhile is that run's
    to ask about: an answer to an older desk is dropped.
    """
    asked, wanted = sitting.desk, sitting.wanted
    if _job(sitting, asked) == sitting.asked and sitting.given == wanted:
        sitting.heard = asked.heard
        return
    desk, answer = _answer(sitting, asked)
    if answer.form is None and _may_be_outdated(sitting, answer):
        desk, answer = _without_gradient(sitting, asked, (desk, answer))
    with sitting.lock:
        if sitting.desk is asked:
            sitting.desk = desk
            sitting.asked, sitting.answered = _job(sitting, desk), desk.program
            sitting.heard = desk.heard
            sitting.given = wanted
            take(sitting, answer)


def _job(sitting: Sitting, desk: Desk) -> dict[str, Any]:
    opened = groups_of(sitting, desk)
    return {**desks.job(desk), "language": sitting.language, **({"opened": list(opened)} if opened else {})}


def _answer(sitting: Sitting, desk: Desk) -> tuple[Desk, Answer]:
    """The answer, and the desk that it is about: a second question where the form asks for one."""
    answer = jobs.ask(_job(sitting, desk), sitting.session)
    if answer.form is None:
        return desk, answer
    settled = desks.settle(desk, answer.form)
    if desks.job(settled) == desks.job(desk):
        return settled, answer
    return settled, jobs.ask(_job(sitting, settled), sitting.session)


def _may_be_outdated(sitting: Sitting, refused: Answer) -> bool:
    """Whether the upstream gradient was meant for other outputs than those that the program has now.

    A refusal that names a line is about the program, and so is one that was stopped: it is not asked twice."""
    desk, trouble = sitting.desk, refused.trouble
    about_program = refused.stopped or (trouble is not None and trouble.line is not None)
    changed = desk.preset == "one_hot" or desk.program != sitting.answered
    return (desk.gradient is not None or desk.outer is not None) and changed and not about_program


def _without_gradient(sitting: Sitting, before: Desk, refused: tuple[Desk, Answer]) -> tuple[Desk, Answer]:
    """The answer without the upstream gradient, then with the part of it that fits; else the refusal."""
    desk, answer = _answer(sitting, desks.without_gradient(before))
    if answer.form is None:
        return refused
    if sitting.answered is None:
        sitting.ignored = (*sitting.ignored, "v")
    fitted = desks.fitted(desk, before, sitting.form, answer.form)
    return (desk, answer) if fitted == desk else _answer(sitting, fitted)
