"""What a person reads when a job was stopped."""

from __future__ import annotations

import re

import pytest

from vizgraph.worker.sentences import REASONS, Reason, failure, refusal


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_one_plain_sentence_with_something_to_do(reason: Reason) -> None:
    for words in (refusal(reason), failure("player", reason), failure("derivation", reason)):
        assert re.fullmatch(r"[A-Z][^.{}]*\.", words["message"])
        assert words["hint"]
        assert not re.search(r"[/\\<>_]|Error|Exception|Traceback|signal|kill", words["message"] + words["hint"])


def test_the_limits_are_named_in_numbers() -> None:
    assert refusal("time")["message"] == "The program was stopped after 2 seconds."
    assert refusal("memory")["message"] == "The program needs more memory than the 512 MB a job may use."
    assert refusal("size")["message"] == "The answer is larger than the 2 MB that a job may return."


def test_a_failure_names_the_stage_for_the_page_and_its_part_for_the_reader() -> None:
    assert failure("player", "crash")["stage"] == "player"
    assert failure("player", "crash")["message"] == "The drawing made the calculation crash."
