"""Hold every remedy to real Python: with the line that it writes, the error is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.real import ours, real
from vizgraph import language, views
from vizgraph.errors import VizgraphError
from vizgraph.model import Fault, Fix

ERRORS = Path(__file__).parents[2] / "programs" / "errors"
T = "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"

# What is wrong; the line that is offered first; the names or expressions of the nodes that it is about.
OFFERED = {
    "no gradient": (f"{T}y = x * x\ny.backward()", Fix(4, "y.backward(torch.ones_like(y))"), {"y"}),
    "no gradient, kept graph": (
        f"{T}y = x * x\ny.backward(retain_graph=True)",
        Fix(4, "y.backward(torch.ones_like(y), retain_graph=True)"),
        {"y"},
    ),
    "no gradient of an expression": (f"{T}(x * x).backward()", Fix(3, "(x * x).sum().backward()"), {"x * x"}),
    "no gradient for grad": (
        f"{T}y = x * x\ng, = torch.autograd.grad(y, x)",
        Fix(4, "g, = torch.autograd.grad(y, x, grad_outputs=torch.ones_like(y))"),
        {"y"},
    ),
    "no gradient for backward of several": (
        f"{T}y = x * x\ntorch.autograd.backward(y)",
        Fix(4, "torch.autograd.backward(y, grad_tensors=torch.ones_like(y))"),
        {"y"},
    ),
    "gradient of another shape": (
        f"{T}y = x * x\nv = torch.ones(2)\ny.backward(v)",
        Fix(5, "y.backward(torch.ones_like(y))"),
        {"y"},
    ),
    "gradient in a column": (
        f"{T}y = x * x\ny.backward(gradient=torch.ones(3, 1))",
        Fix(4, "y.backward(gradient=torch.ones(3, 1).reshape(y.shape))"),
        {"y"},
    ),
    "second pass": (
        f"{T}y = (x * x).sum()\ny.backward()\ny.backward()",
        Fix(4, "y.backward(retain_graph=True)"),
        {"x * x"},
    ),
    "second pass in a loop": (
        f"{T}y = (x * x).sum()\nfor i in range(3):\n    y.backward()",
        Fix(5, "    y.backward(retain_graph=True)"),
        {"x * x"},
    ),
    "second pass of shared values": (
        f"{T}s = x.exp()\na = (s * 2).sum()\nb = (s * s).sum()\na.backward(retain_graph=False)\nb.backward()",
        Fix(6, "a.backward(retain_graph=True)"),
        {"s"},
    ),
    "integers": (
        "import torch\nx = torch.tensor([[1, 2], [3, 4]], requires_grad=True)",
        Fix(2, "x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)"),
        set(),
    ),
    "integers by dtype": (
        "import torch\nx = torch.ones(2, dtype=torch.int64, requires_grad=True)",
        Fix(2, "x = torch.ones(2, dtype=torch.float32, requires_grad=True)"),
        set(),
    ),
    "integers later": (
        "import torch\nn = torch.arange(3)\nn.requires_grad = True",
        Fix(3, "n = n.float().requires_grad_()"),
        {"n"},
    ),
    "in place on a leaf": (f"{T}x *= 2", Fix(3, "x = x * 2"), {"x"}),
    "update of a leaf": (
        f"{T}(x * x).sum().backward()\nfor i in range(1):\n    x -= 0.1 * x.grad",
        Fix(5, "    with torch.no_grad():\n        x -= 0.1 * x.grad"),
        {"x"},
    ),
    "write into a leaf": (f"{T}x[0] = 5.0", Fix(3, "x = x.clone()\nx[0] = 5.0"), {"x"}),
    "rewritten result": (
        f"{T}y = x.exp()\ny.mul_(2)\ny.sum().backward()",
        Fix(4, "y = y.mul(2)"),
        {"y"},
    ),
    "rewritten operand": (
        f"{T}y = x * 1\nz = y * y\ny += 1\nz.sum().backward()",
        Fix(5, "y = y + 1"),
        {"y", "z"},
    ),
    "rewritten by index": (
        f"{T}y = x * 1\nz = y ** 2\ny[0] = 9.0\nz.sum().backward()",
        Fix(5, "y = y.clone()\ny[0] = 9.0"),
        {"y", "z"},
    ),
    "rewritten parameter": (
        f"{T}w = torch.ones(3, requires_grad=True)\nz = (x * w).sum()\nwith torch.no_grad():\n    w -= 1\nz.backward()",
        Fix(4, "z = (x * w.clone()).sum()"),
        {"x * w", "w"},
    ),
    "rewritten by an optimizer": (
        f"{T}opt = torch.optim.SGD([x], lr=0.1)\nz = (x * x).sum()\nz.backward(retain_graph=True)\n"
        "opt.step()\nz.backward()",
        Fix(4, "z = (x.clone() * x.clone()).sum()"),
        {"x * x", "x"},
    ),
    "constant": (
        "import torch\nx = torch.tensor([1.0, 2.0])\ny = (x * x).sum()\ny.backward()",
        Fix(2, "x = torch.tensor([1.0, 2.0], requires_grad=True)"),
        {"x"},
    ),
    "computed without history": (
        f"{T}with torch.no_grad():\n    y = (x * x).sum()\ny.backward()",
        Fix(3, "with torch.enable_grad():"),
        {"x * x"},
    ),
    "detached": (f"{T}y = (x.detach() * 2).sum()\ny.backward()", Fix(3, "y = (x * 2).sum()"), {"x.detach()"}),
    "a number": (
        f"{T}y = (x * x).sum()\nz = torch.tensor(y.item()) * 2\nz.backward()",
        Fix(4, "z = y * 2"),
        {"torch.tensor(y.item())"},
    ),
    "switched off": (
        f"{T}x.requires_grad = False\n(x * x).sum().backward()",
        Fix(3, "x.requires_grad = True"),
        {"x"},
    ),
    "no gradient yet": (f"{T}x.grad.zero_()", Fix(3, "if x.grad is not None: x.grad.zero_()"), {"x"}),
    "updated into no leaf": (
        f"{T}for i in range(2):\n    (x * x).sum().backward()\n    x = x - 0.1 * x.grad",
        Fix(5, "    with torch.no_grad():\n        x -= 0.1 * x.grad"),
        {"x"},
    ),
    "product": (
        "import torch\nA = torch.ones(2, 3, requires_grad=True)\nB = torch.ones(2, 3)\nC = A @ B",
        Fix(4, "C = A @ B.T"),
        {"A", "B"},
    ),
    "product by its name": (
        "import torch\nA = torch.ones(2, 3, requires_grad=True)\nb = torch.ones(2)\nc = torch.mv(A, b)",
        Fix(4, "c = torch.mv(A.T, b)"),
        {"A", "b"},
    ),
    "layer": (
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 1))\n"
        "net(torch.ones(1, 2))",
        Fix(3, "net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))"),
        None,
    ),
    "unknown name": (f"{T}weight = x * 2\nloss = weigth.sum()", Fix(4, "loss = weight.sum()"), set()),
    "unknown function": (f"{T}y = torch.expp(x)", Fix(3, "y = torch.exp(x)"), set()),
    "unknown method": (f"{T}y = x.sumn()", Fix(3, "y = x.sum()"), set()),
    "kinds of numbers": (
        "import torch\nA = torch.ones(2, 2, dtype=torch.float64)\nB = torch.ones(2, 2, requires_grad=True)\nC = B @ A",
        Fix(4, "C = B.double() @ A"),
        {"A", "B"},
    ),
    "class numbers": (
        "import torch\nimport torch.nn.functional as F\nz = torch.zeros(2, 3, requires_grad=True)\n"
        "t = torch.tensor([0.0, 1.0])\nF.nll_loss(z, t)",
        Fix(5, "F.nll_loss(z, t.long())"),
        {"z", "t"},
    ),
    "device": (f'{T}y = x.to("cuda")', Fix(3, 'y = x.to("cpu")'), set()),
    "device of a new tensor": (
        f"{T}y = torch.ones(3, device='cuda') * x",
        Fix(3, "y = torch.ones(3, device='cpu') * x"),
        set(),
    ),
    "unused": (
        f"{T}u = torch.ones(1, requires_grad=True)\ng = torch.autograd.grad(x.sum(), [x, u])",
        Fix(4, "g = torch.autograd.grad(x.sum(), [x, u], allow_unused=True)"),
        {"x.sum()"},
    ),
    "NaN under anomaly detection": (
        f"{T}with torch.autograd.detect_anomaly():\n    y = (x * -1).sqrt()\n    y.sum().backward()",
        Fix(4, "    y = (x * -1).clamp(min=1e-6).sqrt()"),
        {"y"},
    ),
    "array": (f"{T}y = (x * 2).numpy()", Fix(3, "y = (x * 2).detach().numpy()"), None),
    "number of many": (f"{T}y = x.item()", Fix(3, "y = x.sum().item()"), {"x"}),
    "condition": (f"{T}if x > 0:\n    y = x", Fix(3, "if (x > 0).all():"), None),
    "sizes": (f"{T}y = x.reshape(2, 3)", Fix(3, "y = x.reshape(-1, 3)"), {"x"}),
    "flag of a result": (f"{T}y = x * 2\ny.requires_grad = False", Fix(4, "y = y.detach()"), {"y"}),
    "broadcasting": (f"{T}y = x + torch.ones(2)", Fix(3, "y = x.unsqueeze(-1) + torch.ones(2)"), None),
}  # fmt: skip


def fault_of(source: str) -> Fault | VizgraphError:
    try:
        run = ours(source)
    except VizgraphError as refusal:
        return refusal
    assert run.error is not None
    return run.error


@pytest.mark.parametrize(("source", "fix", "about"), OFFERED.values(), ids=OFFERED.keys())
def test_the_line_that_is_offered_mends_the_program_in_real_python(
    source: str, fix: Fix, about: set[str] | None
) -> None:
    fault = fault_of(source)
    assert fault.fixes, fault.message
    assert fault.fixes[0] == fix
    before = real(source).error
    for offered in fault.fixes:
        mended = language.mended(source, offered)
        assert real(mended).error is None, offered
        assert ours(mended).error is None, offered
    if not isinstance(fault, VizgraphError):
        assert before is not None
        assert fault.why


@pytest.mark.parametrize(("source", "fix", "about"), OFFERED.values(), ids=OFFERED.keys())
def test_what_an_error_is_about_stands_in_both_views(source: str, fix: Fix, about: set[str] | None) -> None:
    try:
        run = ours(source)
    except VizgraphError:
        return
    if about is None:
        return
    view = views.math(run)
    lit = views.faulty(view, run)
    nodes = {node.id: node for node in view.graph.nodes}
    assert {nodes[id].name or nodes[id].expression for id in lit} == about
    engine = views.engine(run)
    assert set(views.faulty(engine, run)) <= {node.id for node in engine.graph.nodes}


@pytest.mark.parametrize("path", sorted(ERRORS.glob("*.py")), ids=lambda path: path.stem)
def test_of_the_recorded_programs_too_every_offer_gets_past_the_error(path: Path) -> None:
    source = language.normal(path.read_text(encoding="utf-8"))
    run = ours(source)
    for fault in (*([run.error] if run.error else []), *run.notices):
        for fix in fault.fixes:
            mended = language.mended(source, fix)
            after, left = real(mended), ours(mended).error
            assert (after.error is None) == (left is None)
            if left is not None and fault.message[:30] in str(after.error):  # the same mistake once more, further down
                assert left.span is not None
                assert fault.span is not None
                assert left.span.line > fault.span.line


def test_the_write_and_the_reader_are_named_with_their_lines() -> None:
    run = ours(f"{T}y = x.exp()\nz = y * 2\ny += 1\nz.sum().backward()")
    assert run.error is not None
    assert run.error.why is not None
    for words in ("x.exp()", "line 3", "y += 1", "line 5"):
        assert words in run.error.why


def test_a_pass_that_stops_in_the_middle_keeps_what_had_flowed() -> None:
    run = ours(f"{T}y = x.exp()\nz = y * 2\ny += 1\nz.sum().backward()")
    (one,) = run.passes
    assert [step.node for step in one.steps] == ["sum_1", "mul_1"]
    assert run.leaves[0].grad is None


NOTICED = {
    "forward": ("y = x * log(x)", {"x": 0}, "x * log(x)", "y = x * log(x.clamp(min=1e-6))"),
    "forward from its input": ("y = sqrt(x)", {"x": -1}, "sqrt(x)", "y = sqrt(x.clamp(min=1e-6))"),
    "division": ("y = (x - x) / (x - x)", {"x": 2}, "(x - x) / (x - x)", "y = (x - x) / (x - x + 1e-6)"),
    "backward": (
        "y = where(x > 0, sqrt(x), x)", {"x": [0, 1]}, "sqrt(x)", "y = where(x > 0, sqrt(x.clamp(min=1e-6)), x)",
    ),
    "power": ("y = x**0.5 * 0", {"x": 0}, "x**0.5", "y = x.clamp(min=1e-6)**0.5 * 0"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "values", "step", "line"), NOTICED.values(), ids=NOTICED.keys())
def test_the_step_that_makes_a_nan_is_named_and_mended(
    source: str, values: dict[str, object], step: str, line: str
) -> None:
    run = ours(source, values=values)
    (notice,) = run.notices
    assert notice.message == f"NaN made here: {step}"
    assert notice.why
    assert [fix.replace for fix in notice.fixes][:1] == [line]
    mended = ours(line, values=values)
    assert not mended.notices
    assert all(leaf.grad is not None and leaf.grad.finite for leaf in mended.leaves)
    view = views.math(run)
    assert views.faulty(view, run)[0] in {node.id for node in view.graph.nodes}


def test_numbers_that_are_numbers_are_not_noticed() -> None:
    assert not ours("y = x / 0", values={"x": 1}).notices
    assert not ours("import torch\nx = torch.tensor(float('nan'), requires_grad=True)\n(x * 2).backward()").notices


def test_the_grad_of_a_result_is_noticed_where_it_is_read() -> None:
    source = (
        "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = x * 3\nz = y ** 2\nz.backward()\nprint(y.grad)"
    )
    (notice,) = ours(source).notices
    assert notice.span is not None
    assert (notice.span.line, notice.span.column) == (6, 7)
    assert notice.message in real(source).warnings[0]
    (fix,) = notice.fixes
    assert real(language.mended(source, fix)).printed == ["tensor(12.)"]
    assert not ours(language.mended(source, fix)).notices


def test_what_would_not_help_is_not_offered() -> None:
    run = ours(f"{T}y = torch.tensor([1.0]).argmax()\ny.backward()")
    assert run.error is not None
    assert not run.error.fixes


def test_an_error_without_a_remedy_keeps_its_sentence() -> None:
    run = ours(f"{T}y = torch.linalg.inv(torch.zeros(2, 2))")
    assert run.error is not None
    assert (run.error.why, run.error.fixes) == (None, ())
