"""No false alarm: the lessons and the programs that people write; and how the findings read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.findings.programs import findings
from vizgraph import engine, language
from vizgraph.findings import find
from vizgraph.lessons import lessons
from vizgraph.texts import speaking

PROGRAMS = Path(__file__).parent.parent / "programs"
# Each of these was read: what is found in it is true, and the program is about it.
TRUE = {
    "advanced/allow_unused": ["unused"],
    "advanced/custom_legendre": ["zero"],
    "advanced/nan_at_zero": ["gradient"],
    "advanced/hooks_of_modules": ["unused", "unused"],
    "advanced/inheritance": ["zero"],
    "advanced/module_containers": ["zero", "zero"],
    "advanced/penalty_on_gradients": ["zero"],
    "everyday/comprehension_of_gradients": ["zero"],
    "everyday/old_tensor_class": ["zero"],
    "advanced/teacher_and_student": ["cut"],
}

ABOUT = {"where_and_zero": ["gradient"]}  # the lesson is about it


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.id)
def test_a_lesson_raises_no_false_alarm(lesson: object) -> None:
    run = engine.run(language.parse(lesson.program), lesson.values, lesson.requires_grad, lesson.gradient)
    expected = ["failed"] if run.error else ABOUT.get(lesson.id, [])
    assert [one.kind for one in find(run)] == expected


@pytest.mark.parametrize(
    "path", sorted(PROGRAMS.glob("everyday/*.py")) + sorted(PROGRAMS.glob("advanced/*.py")), ids=lambda path: path.stem
)
def test_a_sound_program_raises_no_false_alarm(path: Path) -> None:
    found = findings(path.read_text(encoding="utf-8"))
    kinds = [one.kind for one in found if one.kind != "failed"]  # tests/programs holds which of them run
    assert kinds == TRUE.get(f"{path.parent.name}/{path.stem}", [])


def test_the_findings_read_well_in_a_terminal() -> None:
    found = findings(
        "import torch\nx = torch.tensor([0.0, 4.0], requires_grad=True)\nb = torch.ones(2, requires_grad=True)\n"
        "y = x.sqrt() + b.detach()\ny.sum().backward()\n"
    )
    assert str(found).splitlines() == [
        "2 findings",
        "",
        "error    line 4: The gradient of x[0] becomes inf in x.sqrt(): the slope of sqrt at 0 is infinite,",
        "         and here x[0] = 0. From there it reaches x.",
        "         Keep it away from 0: sqrt(x + 1e-12), or torch.linalg.vector_norm for a length.",
        "",
        "warning  line 4: No gradient reaches b: b.detach() keeps the value and cuts the history.",
        "         Leave out detach (or .data) where a gradient should flow.",
    ]


def test_the_most_serious_stand_first_and_notes_are_not_serious() -> None:
    found = findings(
        "import torch\nx = torch.tensor([0.0], requires_grad=True)\nb = torch.ones(1, requires_grad=True)\n"
        "y = x * x + x.detach() * b.detach()\ny.backward()\n"
    )
    assert [one.severity for one in found] == ["warning", "note"]
    assert [one.kind for one in found.serious] == ["cut"]


def test_what_to_do_about_a_failure_is_said_in_the_readers_language() -> None:
    with speaking("zh"):
        (found,) = findings("import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\ny.backward()\n")
    assert found.kind == "failed"
    assert found.fix.startswith("请说明")
