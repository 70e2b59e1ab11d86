"""Lines between processes, however they arrive."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizgraph.worker import protocol


@given(data=st.text(), cuts=st.lists(st.integers(1, 9)))
def test_lines_arrive_whole_however_they_are_cut(data: str, cuts: list[int]) -> None:
    sent = protocol.line(7, "run", protocol.dump(data)) + protocol.line(8, "end")
    lines, arrived = protocol.Lines(), []
    for cut in [*cuts, len(sent)]:
        arrived += lines.feed(sent[:cut])
        sent = sent[cut:]
    (number, word, payload), last = (protocol.read(line) for line in arrived)
    assert (number, word, json.loads(payload)) == (7, "run", data)
    assert last == (8, "end", b"null")


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    lines = protocol.Lines(longest=10)
    lines.feed(b"12345")
    with pytest.raises(ValueError, match="without end"):
        lines.feed(b"678901")


def test_a_number_that_no_browser_reads_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        protocol.dump({"norm": float("nan")})


@pytest.mark.parametrize("line", [b"", b"run", b"7 run", b"\xff\xfe 1", b"a-b 1", b"ready\r 1"])
def test_what_is_no_word_of_a_child_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        protocol.read_said(line) if b"7" not in line else protocol.read(line)


@pytest.mark.parametrize("job", [b"[]", b"{", b'{"want": "form"}', b'{"want": [1]}', b'"source"'])
def test_what_is_no_job_is_refused(job: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        protocol.read_job(job)
