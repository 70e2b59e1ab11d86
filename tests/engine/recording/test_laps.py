"""Run long training loops: the first and the last passes are kept, and every number is that of all of them."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph import limits, views
from vizgraph.model import Run
from vizgraph.telling.timeline import compose

HEAD = "import torch\nw = torch.tensor(1.0, requires_grad=True)\n"
STEP = """
    loss = (w - 3) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad.zero_()
"""
LOOPS = {
    "for": f"for epoch in range(200):{STEP}",
    "enumerate": f"for i, x in enumerate([1.0] * 150):{STEP}",
    "zip": f"for i, x in zip(range(150), range(400)):{STEP}",
    "while": f"n = 0\nwhile n < 120:\n    n += 1{STEP}",
    "left early": f"for epoch in range(500):{STEP}    if epoch == 140:\n        break",
    "inner": "for epoch in range(20):\n    for batch in range(5):" + STEP.replace("\n    ", "\n        "),
    "in a function": f"def train(n):\n    global w\n    for _ in range(n):{STEP.replace(chr(10), chr(10) + '    ')}\ntrain(90)\ntrain(3)",
    "accumulating": "for epoch in range(100):\n    (w * 2).backward()",
    "one line": "[torch.autograd.grad(w * i, w) for i in range(100)]",
    "one graph": "y = w ** 2\nfor i in range(70):\n    y.backward(retain_graph=True)",
}


def numbers(run: Run) -> list[int]:
    return [one.number for one in run.passes]


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS.keys())
def test_a_long_loop_ends_as_in_python_and_keeps_its_ends(loop: str) -> None:
    run = assert_agrees(f"{HEAD}{loop}\nprint(w, w.grad)")
    total = int(next(note for note in run.warnings if note.startswith("Backward ran")).split()[2])
    kept = numbers(run)
    assert kept == sorted(set(kept))
    assert kept[:4] == [1, 2, 3, 4]
    assert kept[-1] == total
    assert len(kept) <= limits.PASSES


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS.keys())
def test_what_a_leaf_holds_is_told_without_a_gap(loop: str) -> None:
    """Between two passes that are drawn, what the others did to .grad is one change."""
    run = ours(HEAD + loop)
    held = [(done.before, done.after) for one in run.passes for done in one.gradients if done.leaf == "w"]
    story: list[tuple[object, object]] = []
    for number, one in enumerate(run.passes):
        story += [(change.before, change.after) for change in run.changes if change.passes == number]
        story += [(done.before, done.after) for done in one.gradients]
    story += [(change.before, change.after) for change in run.changes if change.passes == len(run.passes)]
    assert held or "grad(" in loop
    if "grad(" not in loop:  # torch.autograd.grad writes no .grad
        assert all(first[1] == second[0] for first, second in pairwise(story))
        assert story[-1][1] == run.leaves[0].grad


def test_a_short_loop_is_kept_whole() -> None:
    run = ours(f"{HEAD}for epoch in range(16):{STEP}")
    assert numbers(run) == list(range(1, 17))
    assert not any(note.startswith("Backward ran") for note in run.warnings)


def test_the_passes_are_told_by_their_own_numbers() -> None:
    run = ours(f"{HEAD}for epoch in range(1000):{STEP}")
    assert numbers(run) == [1, 2, 3, 4, 997, 998, 999, 1000]
    assert "drawn are the passes 1 to 4 and 997 to 1,000" in run.warnings[0]
    beats = compose(views.math(run), run).beats
    assert any(beat.sentence.startswith("Pass 997. ") for beat in beats)


def test_what_the_passes_between_have_added_is_one_beat() -> None:
    run = ours(f"{HEAD}for epoch in range(100):\n    (w * 2).backward()")
    beats = compose(views.math(run), run).beats
    assert [beat.formula for beat in beats if "more passes, which are not drawn" in beat.sentence] == [".grad: 8 → 192"]


def test_an_error_after_many_passes_has_its_node() -> None:
    run = ours(f"{HEAD}for epoch in range(300):{STEP}    if epoch == 200:\n        (w * torch.ones(2)).backward()")
    assert run.error is not None
    assert run.error.node is not None
    assert numbers(run)[-1] >= 200


def test_a_leaf_that_is_made_anew_in_every_turn_keeps_its_name() -> None:
    run = assert_agrees(
        f"{HEAD}for epoch in range(100):\n    loss = (w - 3) ** 2\n    loss.backward()\n"
        "    w = (w - 0.1 * w.grad).detach().requires_grad_()\nprint(w, w.grad)"
    )
    assert {leaf.name for leaf in run.leaves} == {"w"}


def test_an_optimizer_goes_on_while_nothing_is_kept() -> None:
    run = assert_agrees(
        "import torch\nmodel = torch.nn.Linear(1, 1)\no = torch.optim.Adam(model.parameters(), lr=0.1)\n"
        "for i in range(60):\n    o.zero_grad()\n    l = (model(torch.ones(1, 1)) - 2).pow(2).sum()\n    l.backward()\n"
        "    o.step()\nprint(model.weight, model.bias.grad, l)"
    )
    assert {leaf.name for leaf in run.leaves} == {"model.weight", "model.bias"}


def test_too_many_operations_are_refused_with_the_figure() -> None:
    with pytest.raises(Exception, match=r"records more than 4,000 operations"):
        ours(f"{HEAD}y = w\nfor i in range(5000):\n    y = y * 1.001")
