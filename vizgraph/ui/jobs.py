"""Ask the engine, which lives in another process, and read what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from vizgraph.texts import phrase, say, spoken, words
from vizgraph.ui.forms import Form, Trouble, read_form, read_trouble
from vizgraph.worker import Zygote
from vizgraph.worker.job import Job
from vizgraph.worker.sentences import was_stopped


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``form`` and ``payload`` are None where the program was refused or a stage was lost.

    ``rest`` is the job that still works on the board, which the graph does not wait for; ``stopped`` tells that
    the job was ended from outside, for its time or its memory: it would be so again."""

    form: Form | None
    payload: dict[str, Any] | None
    trouble: Trouble | None
    rest: Job | None = None
    stopped: bool = False


@st.cache_resource(show_spinner=False)
def engine() -> Zygote:
    """The one engine of this page, for all sessions; it starts at once and warms up beside the page."""
    return Zygote().start()


def ready() -> bool:
    """Whether to ask: the engine is warm, or gone for good, which its answer will say."""
    zygote = engine()
    return zygote.ready or zygote.pid is None


def ask(job: dict[str, Any], session: str) -> Answer:
    """Run a job until its graph is there. Every way in which it may fail is told in ``trouble``, none is raised."""
    running = engine().submit({**job, "want": [*job["want"], "board"]}, session=session)
    stages, program = _until(running, set(job["want"])), job["source"]
    form = read_form(stages["form"], program) if "form" in stages else None
    stopped = "refused" in stages and was_stopped(stages["refused"])
    return Answer(form, stages.get("player"), _trouble(stages, form, program), running, stopped)


def again(rest: Job, session: str) -> Job:
    """Ask for the board once more, of a job that was stopped for a newer one: that may have been refused, and
    then the graph of the first stands on. It stops no other job, only an earlier question of its kind."""
    return engine().submit({**rest.asked, "want": ["board"]}, session=f"{session} board")


def board(rest: Job) -> dict[str, Any]:
    """The board of a job that has ended; only words why where it could not be made."""
    stages = rest.result()
    if "board" in stages:
        found: dict[str, Any] = stages["board"]
        return found
    lost = stages.get("failed", {}).get("board") or stages.get("refused") or {"message": say("page.no_answer")}
    shown = {name: word for name, word in words(spoken()).items() if name.startswith("board.")}
    empty: dict[str, Any] = {"wires": {}, "picks": {}, "ways": [], "sections": [], "source": None}
    return {**empty, "words": shown, "note": phrase(lost["message"])}


def _until(running: Job, wanted: set[str]) -> dict[str, Any]:
    """The stages up to the last wanted one; ``failed`` holds the missing ones by name."""
    stages: dict[str, Any] = {}
    for name, data in running:
        if name == "failed":
            stages.setdefault(name, {})[data["stage"]] = data
        else:
            stages[name] = data
        if wanted <= stages.keys() | stages.get("failed", {}).keys():
            break
    return stages


def _trouble(stages: dict[str, Any], form: Form | None, program: str) -> Trouble | None:
    if "refused" in stages:
        return read_trouble(stages["refused"], program)
    if form is not None and form.trouble is not None:
        return form.trouble
    lost = next(iter(stages.get("failed", {}).values()), None)
    if lost is not None:
        return Trouble(phrase(lost["message"]), hint=phrase(lost.get("hint") or "") or None)
    return None if "player" in stages else Trouble(say("page.no_answer"))
