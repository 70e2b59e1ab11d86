"""Say, in places that are always there, what went wrong, what to look for and what was printed.

Everything that comes from a program or an address is shown as text or code, never as Markdown or HTML.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from vizgraph import lessons
from vizgraph.model import Fix
from vizgraph.texts import say
from vizgraph.ui import desk as desks
from vizgraph.ui.address import fits
from vizgraph.ui.forms import Trouble
from vizgraph.ui.sitting import Sitting, address_of, change, is_refused
from vizgraph.ui.widgets import hear


def status(sitting: Sitting, *, ready: bool) -> None:
    """One place above the graph: trouble first, else what to look for."""
    if sitting.trouble is not None:
        with st.container(key="refused" if is_refused(sitting) else "stopped", gap=None):
            _trouble(sitting.trouble)
    elif not ready:
        st.text(say("page.starting"))
    else:
        lesson = lessons.lesson(sitting.desk.lesson) if sitting.desk.lesson else None
        st.text(lesson.look if lesson else say("page.own_program"))
    if sitting.ignored:
        st.caption(say("page.ignored", names=", ".join(sitting.ignored)))
    elif not fits(address_of(sitting)):
        st.caption(say("page.too_long"))


def printed(sitting: Sitting) -> None:
    """What the program printed, and what it should be warned of."""
    if sitting.printed:
        with st.container(key="printed", gap=None):
            st.caption(say("page.printed"))
            st.code("\n".join(sitting.printed), language=None)
    if sitting.warnings:
        with st.container(key="warnings", gap=None):
            for warning in sitting.warnings:
                st.text(say("page.warning", warning=warning))


def lesson(sitting: Sitting) -> None:
    """What there is to understand in the lesson that is laid out, and a question."""
    one = lessons.lesson(sitting.desk.lesson) if sitting.desk.lesson else None
    if one is not None:
        with st.container(key="lesson", gap=None):
            st.text(one.text)
            st.text(one.question)


def remedies(sitting: Sitting) -> None:
    """Beside the program: why it failed, and lines that mend it, one click each; then what failed in silence."""
    troubles = [sitting.trouble] if sitting.trouble is not None else []
    for number, trouble in enumerate((*troubles, *sitting.notices)):
        if trouble.why is not None or trouble.fixes:
            noticed = trouble is not sitting.trouble
            with st.container(key=f"remedy_{number}{'_noticed' if noticed else ''}", gap=None):
                _remedy(sitting, number, trouble, noticed=noticed)


def _remedy(sitting: Sitting, number: int, trouble: Trouble, *, noticed: bool) -> None:
    if noticed:
        st.text(sentence(Trouble(trouble.message.split(". ")[0], trouble.line, trouble.column)))
    if trouble.why is not None:
        st.text(trouble.why)
    for place, fix in enumerate(trouble.fixes):
        st.code(fix.replace, language=None, wrap_lines=True)
        st.button(
            say("page.fix", line=fix.line), key=f"fix {number} {place}",
            on_click=hear, args=(sitting, "fix", partial(_apply, sitting, sitting.answered, fix)),
        )  # fmt: skip


def _apply(sitting: Sitting, program: str | None, fix: Fix) -> None:
    """Write the line into the program, unless somebody has changed it meanwhile."""
    if sitting.desk.program == program:
        change(sitting, desks.with_fix(sitting.desk, fix))


def _trouble(trouble: Trouble) -> None:
    with st.container(key="trouble", gap=None):
        st.text(sentence(trouble))
        if trouble.echo is not None:
            st.code(echo(trouble), language=None)


def sentence(trouble: Trouble) -> str:
    """Where, what, and what to do.

    >>> sentence(Trouble("z is not defined", 1, 5, "give it a value"))
    'Line 1, column 5: z is not defined; give it a value'
    """
    where = say("page.where", line=trouble.line, column=trouble.column) + " " if trouble.line else ""
    hint = None if trouble.fixes else trouble.hint  # a line that mends it says the same
    return where + "; ".join([trouble.message.rstrip("."), *([hint] if hint else [])])


def echo(trouble: Trouble, width: int = 72) -> str:
    """The line of the program, with a mark under the column; of a long line, what is around it.

    >>> print(echo(Trouble("", 2, 5, echo="y = x +* 2")))
    2 | y = x +* 2
      |     ^
    """
    line, column = (trouble.echo or "").replace("\t", " "), max(trouble.column or 1, 1)
    start = max(0, column - width // 2) if len(line) > width else 0
    number = str(trouble.line)
    return f"{number} | {line[start : start + width]}\n{' ' * len(number)} | {' ' * (column - 1 - start)}^"
