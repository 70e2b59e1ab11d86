"""Leaves without a gradient: torch leaves their .grad None, and the reason is the one that was built in."""

from __future__ import annotations

import pytest

from tests.findings.programs import findings, leaves_of, only

HEAD = (
    "import torch\nw = torch.tensor([1.0, 2.0], requires_grad=True)\nb = torch.tensor([3.0, 5.0], requires_grad=True)\n"
)
REASONS = {
    "detach": ("c = b.detach()\ny = w * c\n", "cut", "b.detach() keeps the value and cuts the history", 4),
    "data": ("y = w * b.data\n", "cut", "keeps the value and cuts the history", 4),
    "no_grad": ("with torch.no_grad():\n    c = b * 2\ny = w * c\n", "cut", "computed without history", 5),
    "a comparison": ("c = b > 4\ny = w * c\n", "cut", "whole numbers or truth values", 4),
    "argmax": ("c = b.argmax()\ny = w * c\n", "cut", "whole numbers or truth values", 4),
    "a copy": ("c = torch.tensor([b[0], b[1]])\ny = w * c\n", "cut", "copies the numbers", 4),
    "item": ("y = w * b[0].item()\n", "cut", "takes the number out", 4),
    "only the shape": ("y = w * torch.ones_like(b)\n", "cut", "takes only its shape", 4),
    "beside the way": ("c = b * 2\ny = w * 3\n", "unused", "y.sum() does not depend on that", 4),
    "not used": ("y = w * 3\n", "unused", "nothing uses it", 3),
    "behind two steps": ("c = (b * 2).detach()\nd = c + 1\ny = w * d\n", "cut", "keeps the value", 4),
}


@pytest.mark.parametrize("name", REASONS)
@pytest.mark.filterwarnings("ignore")
def test_what_stopped_the_gradient_is_named_with_its_line(name: str) -> None:
    body, kind, why, line = REASONS[name]
    source = f"{HEAD}{body}y.sum().backward()\n"
    assert leaves_of(source)["b"].grad is None
    finding = only(source)
    assert (finding.kind, finding.severity, finding.line) == (kind, "warning", line)
    assert finding.sentence.startswith("No gradient reaches b:")
    assert why in finding.sentence
    assert finding.nodes[0] == "b"


def test_a_backward_that_returns_none_is_named() -> None:
    source = (
        "import torch\nclass Scale(torch.autograd.Function):\n"
        "    @staticmethod\n    def forward(ctx, x, s):\n        return x * s\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g, None\n"
        "x = torch.ones(2, requires_grad=True)\ns = torch.ones(2, requires_grad=True)\n"
        "y = Scale.apply(x, s)\ny.sum().backward()\n"
    )
    assert leaves_of(source)["s"].grad is None
    assert "returned None" in only(source).sentence


def test_leaves_that_nobody_asked_for_are_no_finding() -> None:
    assert findings(f"{HEAD}y = (w * b).sum()\ng = torch.autograd.grad(y, [w])\n") == ()
    assert findings(f"{HEAD}y = (w * b).sum()\ny.backward(inputs=[w])\n") == ()


def test_leaves_with_the_same_reason_are_told_together() -> None:
    source = (
        "import torch\nimport torch.nn as nn\nm = nn.Linear(2, 2)\nhead = nn.Linear(2, 1)\n"
        "with torch.no_grad():\n    h = m(torch.ones(1, 2))\nhead(h).sum().backward()\n"
    )
    assert "m.weight, m.bias" in only(source).sentence


def test_a_pass_that_begins_at_a_leaf_itself_has_nothing_to_look_at() -> None:
    assert findings(f"{HEAD}w.backward(torch.ones(2))\n") == ()


def test_beside_a_pass_at_a_leaf_another_is_looked_at() -> None:
    source = f"{HEAD}w.backward(torch.ones(2))\n(w * 2).sum().backward()\n"
    assert leaves_of(source)["b"].grad is None
    assert only(source).sentence.startswith("No gradient reaches b:")


def test_a_cut_that_the_output_does_not_need_is_not_the_one() -> None:
    source = f"{HEAD}seen = b.detach().sum()\nbest = b.argmax()\ny = w * best\ny.sum().backward()\n"
    assert leaves_of(source)["b"].grad is None
    finding = only(source)
    assert (finding.line, "argmax" in finding.sentence) == (5, True)


def test_a_constant_beside_the_way_is_not_the_one() -> None:
    source = f"{HEAD}k = torch.ones(2)\nc = (b * k).detach()\ny = w * k * c\ny.sum().backward()\n"
    assert leaves_of(source)["b"].grad is None
    finding = only(source)
    assert (finding.line, "detach" in finding.sentence) == (5, True)
