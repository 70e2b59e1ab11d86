"""The first number that is not finite: torch's anomaly mode names the same function."""

from __future__ import annotations

import pytest
import torch

import vizgraph
from tests.findings.programs import blamed_by_torch, findings, only, run
from vizgraph.findings import find
from vizgraph.findings.broken import first_break
from vizgraph.findings.scene import Scene

NANS = {
    "sqrt behind where": ("x = torch.tensor([0.0, 4.0], requires_grad=True)\n"
                          "y = torch.where(x > 0, x.sqrt(), torch.zeros(2))\n", "choosing afterwards does not help"),
    "sqrt of a sum of squares": ("x = torch.zeros(3, requires_grad=True)\ny = (x**2).sum().sqrt()\n",
                                 "slope of sqrt at 0"),
    "sqrt of a negative": ("x = torch.tensor([-1.0, 4.0], requires_grad=True)\ny = x.sqrt()\n", "x[0] = -1"),
    "log times zero": ("x = torch.tensor([0.0, 1.0], requires_grad=True)\ny = x.log() * 0\n", "0 × inf is nan"),
    "division behind a mask": ("x = torch.tensor([0.0, 2.0], requires_grad=True)\nm = torch.tensor([0.0, 1.0])\n"
                               "y = (torch.ones(2) / x) * m\n", "division by 0"),
    "power of a negative": ("x = torch.tensor([-2.0], requires_grad=True)\ny = x ** 0.5\n", "power of a negative"),
    "power at zero": ("x = torch.tensor([0.0], requires_grad=True)\ny = (x ** 0.5) * 0\n", "x = 0"),
    "arc outside": ("x = torch.tensor([2.0], requires_grad=True)\ny = torch.asin(x)\n", "from -1 to 1 only"),
    "equal eigenvalues": ("x = torch.eye(2, requires_grad=True)\ny = torch.linalg.eigh(x)[1]\n", "equal"),
    "layer norm without eps": ("x = torch.ones(1, 2, requires_grad=True)\n"
                               "y = torch.nn.functional.layer_norm(x, (2,), eps=0.0)\n", "spread"),
    "spread of one": ("x = torch.ones(1, requires_grad=True)\ny = x.std()\n", "number of entries less one"),
    "a backward of one's own": (
        "class Broken(torch.autograd.Function):\n"
        "    @staticmethod\n"
        "    def forward(ctx, x):\n"
        "        return x * 2\n"
        "    @staticmethod\n"
        "    def backward(ctx, g):\n"
        "        return g * float('nan')\n"
        "x = torch.ones(2, requires_grad=True)\ny = Broken.apply(x)\n", "not torch's own"),
}  # fmt: skip


def program(body: str) -> str:
    return f"import torch\n{body}y.sum().backward()\n"


@pytest.mark.parametrize("name", [name for name in NANS if name != "sqrt of a sum of squares"])
@pytest.mark.filterwarnings("ignore")
def test_the_function_is_the_one_that_torchs_anomaly_mode_names(name: str) -> None:
    """(It speaks of nan only: of sqrt's infinite slope it hears when the next function multiplies it by 0.)"""
    source = program(NANS[name][0])
    scene = Scene(run(source))
    found = first_break(scene)
    assert found is not None
    assert scene.nodes[found.node].grad_fn == blamed_by_torch(source) is not None


@pytest.mark.parametrize("name", NANS)
def test_the_sentence_says_why_and_the_place_is_in_the_graph(name: str) -> None:
    body, why = NANS[name]
    ran = run(program(body))
    finding = next(one for one in find(ran) if one.kind == "gradient")
    assert why in finding.sentence
    assert finding.fix
    assert finding.severity == "error"
    assert finding.line is not None
    assert set(finding.nodes) <= {node.id for node in ran.graph.nodes}
    assert set(finding.edges) <= {edge.id for edge in ran.graph.edges}


def test_the_operand_is_named_with_the_entry_that_did_it() -> None:
    finding = only(program("x = torch.tensor([[1.0, 2.0], [0.0, 3.0]], requires_grad=True)\ny = x.sqrt()\n"))
    assert "gradient of x[1, 0] becomes inf" in finding.sentence
    assert "x[1, 0] = 0" in finding.sentence
    assert finding.line == 3


def test_a_product_of_finite_numbers_can_overflow() -> None:
    source = program("x = torch.tensor([1e20], requires_grad=True)\ny = x * x * x\n")
    value, gradient = findings(source)
    assert (value.kind, gradient.kind) == ("value", "gradient")
    assert "too large for float32" in value.sentence


def test_the_first_forward_value_is_told_and_what_it_reaches() -> None:
    source = program("p = torch.tensor([0.0, 1.0], requires_grad=True)\nq = torch.log(p)\ny = q * 2\n")
    value = findings(source)[0]
    assert (value.kind, value.line) == ("value", 3)
    assert "q[0] is -inf" in value.sentence
    assert "p[0] = 0" in value.sentence


def test_an_overflow_of_exp_is_known() -> None:
    value = findings(program("x = torch.tensor([100.0], requires_grad=True)\ny = torch.exp(x)\n"))[0]
    assert "exp overflows float32, and here x = 100" in value.sentence


def test_a_row_that_is_masked_as_a_whole_is_known() -> None:
    source = program(
        "x = torch.tensor([1.0, 2.0], requires_grad=True)\n"
        "s = x.masked_fill(torch.tensor([True, True]), float('-inf'))\n"
        "y = s.softmax(0)\n"
    )
    value = findings(source)[0]
    assert (value.kind, value.line) == ("value", 4)
    assert "-inf" in value.sentence


def test_infinities_that_are_meant_to_be_are_no_finding() -> None:
    source = program(
        "x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"
        "s = x.masked_fill(torch.tensor([True, False, False]), float('-inf'))\n"
        "y = s.softmax(0)[1]\n"
    )
    assert findings(source) == ()


def test_a_seed_that_is_not_finite_is_the_first() -> None:
    source = (
        "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\n"
        "y.backward(torch.tensor([1.0, float('nan')]))\n"
    )
    assert "from the start" in only(source).sentence


def test_of_several_passes_the_one_that_broke_is_told_and_of_one_alone_none() -> None:
    x = torch.tensor([4.0], requires_grad=True)
    with vizgraph.record() as recording:
        root = x.sqrt()
        root.backward(torch.ones(1), retain_graph=True)
        root.backward(torch.tensor([float("inf")]))
    several = recording.trace(root, names={"x": x}).findings[0]
    assert "pass 2" in several.sentence
    alone = vizgraph.trace(x.sqrt(), torch.tensor([float("inf")]), names={"x": x}).findings[0]
    assert "pass" not in alone.sentence


def test_a_hook_that_breaks_the_gradient_is_told_from_the_engine() -> None:
    source = (
        "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\n"
        "y.register_hook(lambda g: g * float('inf'))\nz = y * 3\nz.sum().backward()\n"
    )
    assert "a hook changed it" in only(source).sentence


def test_a_sum_of_finite_contributions_can_overflow() -> None:
    source = program("x = torch.tensor([1.0], requires_grad=True)\nh = x * 1\ny = h * 3e38 + h * 3e38\n")
    gradient = next(one for one in findings(source) if one.kind == "gradient")
    assert "their sum is inf" in gradient.sentence


def test_a_program_whose_backward_fails_has_its_findings_too() -> None:
    source = (
        "import torch\nx = torch.tensor([-1.0, 4.0], requires_grad=True)\n"
        "with torch.autograd.set_detect_anomaly(True):\n    y = torch.sqrt(x)\n    y.sum().backward()\n"
    )
    assert [one.kind for one in findings(source)] == ["value", "gradient", "failed"]


def test_a_program_that_stops_before_backward_has_its_values() -> None:
    source = (
        "import torch\nx = torch.tensor(0.0, requires_grad=True)\ny = x * torch.log(x)\nassert not torch.isnan(y)\n"
    )
    assert [one.kind for one in findings(source)] == ["value", "failed"]


def test_live_tensors_are_looked_up_in_what_autograd_saved() -> None:
    x = torch.tensor([[3.0, 4.0], [0.0, 0.0]], requires_grad=True)
    loss = torch.log((x * 2).exp().sum() * 0)
    value, gradient = vizgraph.trace(loss, names={"x": x, "loss": loss}).findings
    assert "loss is -inf in the forward pass: log and its slope are infinite at 0" in value.sentence
    assert gradient.nodes == value.nodes


def test_of_live_code_that_nobody_recorded_the_gradient_tells_more_than_the_value() -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    loss = torch.log(x * 1).mean()
    gradient, value = vizgraph.trace(loss, names={"x": x, "loss": loss}).findings
    assert "log and its slope are infinite at 0" in gradient.sentence
    assert "it is the first such value that is known" in value.sentence


def test_a_large_tensor_is_summarised_and_still_found() -> None:
    x = torch.zeros(1000, 1000, requires_grad=True)
    finding = vizgraph.trace(x.sqrt().sum(), names={"x": x}, max_entries=8).findings[0]
    assert "the slope of sqrt at 0 is infinite, and here x holds such an entry" in finding.sentence


def test_check_raises_with_the_first_serious_one_and_passes_sound_code() -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    with pytest.raises(vizgraph.GradientError, match=r"The gradient of x\[0\] becomes inf") as caught:
        vizgraph.check(x.sqrt().sum())
    assert caught.value.finding.kind == "gradient"
    assert vizgraph.check((x + 1).sqrt().sum()).findings == ()
    assert x.grad is None


def test_check_ignores_what_is_meant_to_be() -> None:
    model = torch.nn.ModuleDict({"used": torch.nn.Linear(2, 1), "idle": torch.nn.Linear(2, 1)})
    loss = model["used"](torch.ones(3, 2)).sum()
    with pytest.raises(vizgraph.GradientError, match=r"No gradient reaches idle\.weight, idle\.bias"):
        vizgraph.check(loss, names=model)
    vizgraph.check(loss, names=model, ignore=["unused"])
    vizgraph.check(loss)  # nobody said that the idle ones belong to it
