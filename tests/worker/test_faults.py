"""Children that fail for real, with fork and without: each time one sentence, and the next job is right."""

from __future__ import annotations

import time
from typing import Any

import pytest

from vizgraph.worker import Zygote

MEMORY = "The program needs more memory than the 512 MB a job may use."
MISTAKE = "This program met a mistake inside vizgraph and could not be finished."
STOPPED = "The program was stopped after 2 seconds."
SOON = 20.0  # seconds: the two of the limit, and what a busy machine adds; a job without an end has none
CRASHED = "The program made the calculation crash."

PROGRAM_FAULTS = {
    "endless_loop": STOPPED,
    "endless_power": STOPPED,
    "segfault": CRASHED,
    "vanish": CRASHED,
    "hoard": MEMORY,
    "mistake": MISTAKE,
    "forge": CRASHED,
}


@pytest.fixture(autouse=True)
def the_next_job_is_right(zygote: Zygote) -> Any:
    yield
    assert ask(zygote, number=12) == {"form": answer(144), "player": answer(144)}


def ask(zygote: Zygote, **job: Any) -> dict[str, Any]:
    return zygote.ask({"want": ["form", "player"], **job})


def answer(number: int, layout: str | None = None) -> dict[str, Any]:
    return {"answer": number, "layout": layout}


@pytest.mark.parametrize(("fault", "sentence"), PROGRAM_FAULTS.items())
def test_a_fault_of_the_program_is_one_sentence(zygote: Zygote, fault: str, sentence: str) -> None:
    start = time.monotonic()
    stages = ask(zygote, faults={"form": fault})
    assert time.monotonic() - start < SOON
    assert list(stages) == ["refused"]
    assert stages["refused"]["message"] == sentence
    assert stages["refused"].keys() == {"message", "line", "column", "hint"}


@pytest.mark.parametrize("fault", ["endless_loop", "segfault", "vanish", "hoard", "mistake", "forge", "not_a_number"])
def test_a_fault_of_the_drawing_leaves_the_form_and_is_drawn_in_rows(zygote: Zygote, fault: str) -> None:
    stages = ask(zygote, number=3, faults={"player": fault})
    assert stages == {"form": answer(9), "player": answer(9, "rows")}


def test_a_drawing_that_fails_in_rows_too_is_told_as_missing(zygote: Zygote) -> None:
    stages = ask(zygote, number=3, faults={"player": "segfault"}, rows_hold=False)
    assert stages["form"] == answer(9)
    assert stages["failed"]["player"]["message"] == "The drawing made the calculation crash."
    assert "player" not in stages
    assert "refused" not in stages


def test_a_derivation_that_never_ends_is_lost_alone(zygote: Zygote) -> None:
    want = ["form", "derivation", "player"]
    stages = ask(zygote, number=3, want=want, faults={"derivation": "endless_loop"})
    assert stages["failed"]["derivation"]["message"] == "The derivation took too long and was stopped."
    assert (stages["form"], stages["player"]) == (answer(9), answer(9))


def test_an_answer_that_is_too_large_is_not_sent(zygote: Zygote) -> None:
    stages = ask(zygote, number=3, faults={"player": "chatter"})
    assert stages["form"] == answer(9)
    assert stages["failed"]["player"]["message"] == "The drawing would be larger than the 2 MB that a job may return."


def test_a_child_that_talks_without_end_is_cut_off(zygote: Zygote) -> None:
    stages = ask(zygote, faults={"form": "flood"})
    assert list(stages) == ["refused"]
    expected = "The answer is larger than the 2 MB that a job may return." if zygote.forks else CRASHED
    assert stages["refused"]["message"] == expected


def test_a_refusal_of_the_language_passes_as_it_is_and_ends_the_job(zygote: Zygote) -> None:
    assert ask(zygote, faults={"form": "refuse"}) == {
        "refused": {"message": "No such function.", "line": 1, "column": 5, "hint": "write sin"}
    }


def test_a_drawing_alone_is_known_from_its_program(zygote: Zygote) -> None:
    assert ask(zygote, number=3, want=["player"], faults={"player": "segfault"}) == {"player": answer(9, "rows")}


def test_a_mistake_of_ours_is_noted_for_whoever_runs_the_page_without_the_users_text(
    stages_here: None, capfd: pytest.CaptureFixture[str]
) -> None:
    with Zygote(stages="faulty:stages") as zygote:
        ask(zygote, faults={"form": "mistake"})
        notes = capfd.readouterr().err
    assert "a stage failed with TypeError at faulty.py:" in notes
    assert "secret" not in notes
