"""The same worker with the real language and real tensors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from vizgraph.lessons import Lesson, lessons
from vizgraph.worker import Zygote

MEMORY = "The program needs more memory than the 512 MB a job may use."


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "without fork"])
def worker(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    with Zygote(fork=request.param) as running:
        assert running.wait_ready(60)
        assert running.forks == request.param
        yield running


def ask(worker: Zygote, source: str, *want: str, **job: Any) -> dict[str, Any]:
    return worker.ask({"source": source, "values": {}, "want": list(want or ("form", "player")), **job})


def in_time(worker: Zygote, source: str, *want: str, **job: Any) -> dict[str, Any]:
    """An answer of which nothing took too long: a machine that is busy with others gets another chance."""
    for _ in range(5):
        stages = ask(worker, source, *want, **job)
        if not any("too long" in fault["message"] for fault in stages.get("failed", {}).values()):
            break
    return stages


def gradients(worker: Zygote) -> dict[str, float]:
    """What the first lesson's backward pass leaves in the leaves: the numbers of the text that it is from."""
    job = {"values": {"x1": 1, "x2": 2, "x3": 3}, "gradient": [0.1, 0.2, 0.3]}
    run = ask(worker, "y1 = x1*x2*x3\ny2 = x1 + x2 + x3\ny3 = x1 + x2*x3", "run", **job)["run"]
    return {leaf["name"]: round(leaf["grad"]["entries"][0], 4) for leaf in run["leaves"]}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.id)
def test_every_stage_of_every_lesson_arrives(worker: Zygote, lesson: Lesson) -> None:
    job = {"values": dict(lesson.values), "requires_grad": lesson.requires_grad, "gradient": lesson.gradient}
    stages = in_time(worker, lesson.program, "form", "run", "derivation", "player", **job)
    assert list(stages) == ["form", "run", "derivation", "player"]
    assert {view["svg"][:4] for view in stages["player"]["views"].values()} == {"<svg"}


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("while True: pass", 1, "steps"),
        ("x = 1\nwhile True:\n    x = x + 1", 2, "steps"),
        ("y = x + 9**9**9", 1, "integer"),
        ("import torch\ny = torch.ones(10**10)", 2, "10,000,000,000 numbers"),
        ("y = x +", 1, "read"),
        ("y = sinn(x)", 1, "sinn"),
        ("import torch\ntorch._exit(0)", 2, "_exit"),
    ],
)
def test_a_program_that_would_harm_is_one_sentence_at_its_place(
    worker: Zygote, source: str, line: int, message: str
) -> None:
    stages = ask(worker, source)
    trouble = stages.get("refused") or stages["form"]["error"]
    assert message in trouble["message"]
    assert trouble["line"] == line
    assert gradients(worker) == {"x1": 1.1, "x2": 1.4, "x3": 1.0}


def test_every_job_starts_from_the_same_random_numbers(worker: Zygote) -> None:
    source = "import torch\ny = x * torch.randn(3)\nprint(y)"
    printed = [ask(worker, source)["form"]["printed"] for _ in range(4)]
    assert printed[0] == printed[1] == printed[2] == printed[3]


def test_tensors_that_need_ten_gigabytes_are_refused_by_the_memory_limit_itself(stages_here: None) -> None:
    with Zygote(stages="faulty_tensors:stages") as zygote:
        for _ in range(2):
            assert zygote.ask({"want": ["form"], "size": 10**10})["refused"]["message"] == MEMORY
            assert zygote.ask({"want": ["form"]}) == {"form": {"gradient": [2.0, 2.0, 2.0]}}
