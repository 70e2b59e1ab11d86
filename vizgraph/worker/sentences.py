"""Word what a person reads when a job was stopped."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from vizgraph import limits

Reason: TypeAlias = Literal["time", "memory", "crash", "size", "bug", "gone", "start", "replaced"]

REASONS: Final[tuple[Reason, ...]] = ("time", "memory", "crash", "size", "bug", "gone", "start", "replaced")

_MEGABYTES = limits.DATA_BYTES // 2**20
_ANSWER = limits.ANSWER_BYTES // 2**20

# reason -> (sentence about the whole job, sentence about one part of it, what to do)
_WORDS: Final[dict[Reason, tuple[str, str, str]]] = {
    "time": (
        f"The program was stopped after {limits.WALL_SECONDS:g} seconds.",
        "{part} took too long and was stopped.",
        "make loops shorter and numbers smaller",
    ),
    "memory": (
        f"The program needs more memory than the {_MEGABYTES} MB a job may use.",
        f"{{part}} needs more memory than the {_MEGABYTES} MB a job may use.",
        "make the tensors smaller",
    ),
    "crash": (
        "The program made the calculation crash.",
        "{part} made the calculation crash.",
        "undo the last change, or make the program smaller",
    ),
    "size": (
        f"The answer is larger than the {_ANSWER} MB that a job may return.",
        f"{{part}} would be larger than the {_ANSWER} MB that a job may return.",
        "use fewer operations or smaller tensors",
    ),
    "bug": (
        "This program met a mistake inside vizgraph and could not be finished.",
        "{part} met a mistake inside vizgraph and could not be finished.",
        "please report it; a simpler program may work",
    ),
    "gone": (
        "The calculation was interrupted from outside.",
        "{part} was interrupted from outside.",
        "run it again",
    ),
    "start": (
        "The calculation could not be started.",
        "{part} could not be started.",
        "check that torch, sympy and pygraphviz are installed for this Python",
    ),
    "replaced": (
        "This run was replaced by a newer one.",
        "{part} was replaced by a newer run.",
        "wait for the newer one",
    ),
}

_PARTS: Final = {
    "run": "The run",
    "form": "The form",
    "drawings": "The drawing",
    "player": "The drawing",
    "derivation": "The derivation",
    "board": "The derivation",
}


def refusal(reason: Reason) -> dict[str, Any]:
    """Return the ``refused`` stage for a job that was stopped for that reason.

    >>> refusal("time")["message"]
    'The program was stopped after 2 seconds.'
    """
    message, _, hint = _WORDS[reason]
    return {"message": message, "line": None, "column": None, "hint": hint}


def was_stopped(refused: dict[str, Any]) -> bool:
    """Whether a ``refused`` stage tells of a job that was stopped, not of one that said no by itself.

    >>> was_stopped(refusal("time"))
    True
    """
    return any(refused == refusal(reason) for reason in REASONS)


def failure(stage: str, reason: Reason) -> dict[str, Any]:
    """Return the ``failed`` stage: this stage is missing, the others stand.

    >>> failure("player", "time")["message"]
    'The drawing took too long and was stopped.'
    """
    _, message, hint = _WORDS[reason]
    part = _PARTS.get(stage, "A part")
    return {"stage": stage, "message": message.format(part=part), "line": None, "column": None, "hint": hint}
