"""What the zygote does before it says that it is ready."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vizgraph.worker import Zygote, warm


def test_the_programs_that_warm_up_are_still_in_the_language() -> None:
    stages = warm.load("vizgraph.pipeline:stages")
    *accepted, refused = [dict(stages({**job, "want": ["form", "derivation"]})) for job in warm.jobs()]
    assert [answer["form"]["error"] for answer in accepted] == [None] * len(accepted)
    assert any(answer["derivation"] for answer in accepted)
    assert set(refused) == {"refused"}


def test_after_it_a_job_imports_nothing_more() -> None:
    program = (
        "import sys; from vizgraph.worker import warm; from vizgraph.lessons import lessons\n"
        "stages = warm.load('vizgraph.pipeline:stages'); warm.warm(stages); assert warm.fork_holds(stages)\n"
        "before = set(sys.modules)\n"
        "for lesson in lessons():\n"
        "    dict(stages({'source': lesson.program, 'values': dict(lesson.values), 'want': list(warm.EVERYTHING)}))\n"
        "print(sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("stages", ["differs_in_a_child", "dies_in_a_child"])
def test_where_a_forked_child_does_not_work_jobs_are_not_forked(stages_here: None, stages: str) -> None:
    with Zygote(stages=f"faulty:{stages}") as zygote:
        assert zygote.ask({"want": ["form"]}).keys() == {"form"}
        assert not zygote.forks
