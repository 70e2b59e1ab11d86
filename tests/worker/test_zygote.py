"""The zygote's process by itself, spoken to over its pipes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

JOB = b'%d job {"want":["form"],"number":%d}\n'
ANSWER = b'%d form {"answer":%d,"layout":null}\n%d end null\n'


@pytest.fixture(params=[[], ["--no-fork"]], ids=["forked", "without fork"])
def process(request: pytest.FixtureRequest, stages_here: None) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "vizgraph.worker.zygote", "--stages", "faulty:stages", *request.param]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        yield started
        started.kill()


def says(process: subprocess.Popen[bytes], lines: int) -> bytes:
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    return b"".join(line for line in said if b" ran " not in line)


def tell(process: subprocess.Popen[bytes], text: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()


def test_it_announces_itself_answers_and_ends_with_its_input(process: subprocess.Popen[bytes]) -> None:
    forked = "--no-fork" not in process.args
    assert says(process, 1) == b'0 ready {"forks":%s}\n' % str(forked).lower().encode()
    tell(process, JOB % (7, 3))
    assert says(process, 2 if forked else 3) == ANSWER % (7, 9, 7)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0


@pytest.mark.parametrize(
    "garbage", [b"\n", b"x job {}\n", b"8 job {\n", b"8 job []\n", b"8\n", b'8 job {"want":1}\n', b"\xff \xff 1\n"]
)
def test_lines_that_are_no_message_are_passed_over(process: subprocess.Popen[bytes], garbage: bytes) -> None:
    forked = "--no-fork" not in process.args
    says(process, 1)
    tell(process, garbage + JOB % (9, 4))
    assert says(process, 2 if forked else 3) == ANSWER % (9, 16, 9)
