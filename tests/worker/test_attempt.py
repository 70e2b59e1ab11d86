"""A job that loses its child: what is told, what is tried again, and by when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizgraph.worker.attempt import JOB_SECONDS, Attempt, reason_of
from vizgraph.worker.sentences import REASONS

START = 100.0


def attempt(*want: str, ran: float | None = None, delivered: tuple[str, ...] = (), second: bool = False) -> Attempt:
    return Attempt({"source": "y = x", "want": list(want)}, START, ran, list(delivered), second)


def test_a_program_that_never_ends_is_stopped_after_two_seconds_and_not_tried_again() -> None:
    told, again = attempt("form", "player").lose("time", START + 2)
    assert attempt("form", "player").deadline() == START + 2
    assert [(word, data["message"]) for word, data in told] == [("refused", "The program was stopped after 2 seconds.")]
    assert again is None


@pytest.mark.parametrize("reason", ["time", "crash", "memory", "bug"])
def test_a_lost_drawing_is_tried_once_more_in_rows(reason: str) -> None:
    lost = attempt("form", "player", ran=START + 0.1, delivered=("form",))
    told, again = lost.lose(reason_of(f'"{reason}"'.encode()), START + 1.5)
    assert told == ()
    assert again is not None
    assert again.job == {"source": "y = x", "want": ["player"], "layout": "rows"}
    told, third = again.lose("crash", START + 1.6)
    assert [(word, data["stage"]) for word, data in told] == [("failed", "player")]
    assert third is None


def test_a_lost_derivation_is_told_and_the_rest_goes_on_without_it() -> None:
    lost = attempt("form", "derivation", "player", ran=START + 0.1, delivered=("form",))
    told, again = lost.lose("time", START + 1.5)
    assert [(word, data["message"]) for word, data in told] == [
        ("failed", "The derivation took too long and was stopped.")
    ]
    assert again is not None
    assert again.job["want"] == ["player"]
    assert "layout" not in again.job


def test_a_drawing_that_is_too_large_is_not_drawn_again() -> None:
    told, again = attempt("form", "player", ran=START, delivered=("form",)).lose("size", START + 0.5)
    assert [word for word, _ in told] == ["failed"]
    assert again is None


def test_nothing_is_missing_after_a_refusal() -> None:
    assert attempt("form", "player", ran=START, delivered=("refused",)).lose("crash", START + 0.1) == ((), None)


def test_a_slow_program_leaves_no_time_for_a_second_drawing() -> None:
    assert attempt("form", "player", ran=START + 1.0, delivered=("form",)).deadline() == START + 2
    told, again = attempt("form", "player", ran=START + 1.0, delivered=("form",)).lose("time", START + 2.3)
    assert [word for word, _ in told] == ["failed"]
    assert again is None


@given(running=st.floats(0, 2), reason=st.sampled_from(REASONS))
def test_no_job_takes_longer_than_its_time_whatever_happens(running: float, reason: str) -> None:
    first = attempt("form", "player", ran=START + running, delivered=("form",))
    assert first.deadline() <= START + JOB_SECONDS
    _, again = first.lose(reason_of(f'"{reason}"'.encode()), first.deadline())
    if again is not None:
        assert again.deadline() == START + JOB_SECONDS
        assert again.lose("time", again.deadline())[1] is None


def test_a_child_that_gives_no_reason_of_ours_has_crashed() -> None:
    assert reason_of(b'"memory"') == "memory"
    assert reason_of(b'{"reason": "memory"}') == "crash"


def derived(*delivered: str) -> Attempt:
    one = attempt("form", "player", "board", ran=START + 0.1)
    for number, stage in enumerate(delivered):
        one.deliver(stage, START + 0.2 + number / 10)
    return one


def test_the_board_has_a_second_of_its_own_after_the_drawing() -> None:
    assert derived("form").drawn is None
    assert derived("form", "player").deadline() == pytest.approx(START + 0.3 + 1.0)


def test_the_second_of_the_board_is_one_of_a_processor_and_never_more_than_three_on_the_clock() -> None:
    busy = derived("form", "player")
    assert busy.drawn is not None
    busy.extend(busy.drawn + 1.0, 0.4)  # others had the processor for 0.6 s of this second
    assert busy.deadline() == pytest.approx(busy.drawn + 1.6)
    busy.extend(busy.drawn + 1.6, 1.0)
    assert busy.deadline() == pytest.approx(busy.drawn + 1.6)
    busy.extend(busy.drawn + 1.6, None)  # where the system does not tell
    assert busy.deadline() == pytest.approx(busy.drawn + 1.6)
    busy.extend(busy.drawn + 2.9, 0.0)
    assert busy.deadline() == pytest.approx(busy.drawn + 3.0)


def test_an_alone_board_has_a_second_on_the_clock_and_so_has_the_one_in_numbers() -> None:
    alone = derived("form", "player")
    assert alone.drawn is not None
    alone.extend(alone.drawn + 1.0, 1.0)
    assert alone.deadline() == pytest.approx(alone.drawn + 1.0)
    alone.extend(alone.drawn + 1.0, 0.5)
    _, again = alone.lose("time", START + 10)
    assert again is not None
    assert again.deadline() == pytest.approx(START + 11)


def test_a_board_that_takes_too_long_is_made_once_more_in_numbers() -> None:
    told, again = derived("form", "player").lose("time", START + 1.3)
    assert told == ()
    assert again is not None
    assert again.job == {"source": "y = x", "want": ["board"], "derive": "numbers"}
    assert again.deadline() == pytest.approx(START + 2.3)
    told, third = again.lose("time", START + 2.3)
    assert [(word, data["message"]) for word, data in told] == [
        ("failed", "The derivation took too long and was stopped.")
    ]
    assert third is None
