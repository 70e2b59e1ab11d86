"""Hold every module of torch.nn that the language knows to torch's own: its result, its gradients, its limits."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.engine.library.layers import LAYERS
from vizgraph.errors import VizgraphError

FLAT = "torch.randn(3, 4, requires_grad=True)"
SERIES = "torch.randn(2, 4, 6, requires_grad=True)"  # also a batch of sequences
IMAGE = "torch.randn(2, 4, 6, 6, requires_grad=True)"
SHARES = "torch.rand(3, 4, requires_grad=True)"
CLASSES = "torch.tensor([1, 0, 3])"

# module: how it is made, and what it is given
ACTIVATIONS = (
    "ReLU ReLU6 ELU CELU SELU GELU SiLU Mish Sigmoid LogSigmoid Hardsigmoid Hardswish Hardtanh Tanh Softplus Softsign "
    "LeakyReLU PReLU Identity"
).split()
MADE: dict[str, tuple[str, ...]] = {
    **{f"{name}()": (FLAT,) for name in ACTIVATIONS},
    "ReLU(inplace=True)": (f"{FLAT} * 1",),
    "GELU(approximate='tanh')": (FLAT,),
    "Hardtanh(-0.5, 0.25)": (FLAT,),
    "Softplus(beta=2)": (FLAT,),
    "Linear(4, 2)": (FLAT,),
    "Linear(4, 2, bias=False)": (FLAT,),
    "Bilinear(4, 4, 2)": (FLAT, "torch.ones(3, 4)"),
    "Flatten()": (IMAGE,),
    "Flatten(0, 1)": (SERIES,),
    "Unflatten(1, (2, 2))": (FLAT,),
    "Sequential(nn.Linear(4, 3), nn.Tanh())": (FLAT,),
    "Softmax(dim=1)": (FLAT,),
    "Softmin(dim=0)": (FLAT,),
    "LogSoftmax(dim=1)": (FLAT,),
    "Dropout(0.5)": (FLAT,),
    "Dropout(0.5).eval()": (FLAT,),
    "Conv1d(4, 2, 3, padding=1)": (SERIES,),
    "Conv2d(4, 2, 3, stride=2)": (IMAGE,),
    "Conv2d(4, 4, 3, padding=1, padding_mode='circular')": (IMAGE,),
    "Conv2d(4, 4, (1, 3), groups=2, bias=False)": (IMAGE,),
    "ConvTranspose2d(4, 2, 2, stride=2)": (IMAGE,),
    "MaxPool1d(2)": (SERIES,),
    "MaxPool2d(2)": (IMAGE,),
    "AvgPool1d(2)": (SERIES,),
    "AvgPool2d(3)": (IMAGE,),
    "AdaptiveAvgPool1d(2)": (SERIES,),
    "AdaptiveAvgPool2d(1)": (IMAGE,),
    "LayerNorm(4)": (FLAT,),
    "LayerNorm([6, 6], elementwise_affine=False)": (IMAGE,),
    "GroupNorm(2, 4)": (IMAGE,),
    "RMSNorm(4)": (FLAT,),
    "BatchNorm1d(4)": (FLAT,),
    "BatchNorm1d(4).eval()": (FLAT,),
    "BatchNorm2d(4)": (IMAGE,),
    "Embedding(5, 3)": ("torch.tensor([0, 2, 2])",),
    "Embedding(5, 3, padding_idx=0)": ("torch.tensor([0, 2])",),
    "RNNCell(4, 3)": (FLAT,),
    "GRUCell(4, 3)": (FLAT,),
    "AdaptiveMaxPool1d(2)": (SERIES,),
    "AdaptiveMaxPool2d(3)": (IMAGE,),
    "Conv3d(2, 1, 2)": (IMAGE + ".unflatten(1, (2, 2))",),
    "ConvTranspose1d(4, 2, 3, stride=2)": (SERIES,),
    "ZeroPad1d(1)": (SERIES,),
    "ZeroPad2d((1, 0, 2, 1))": (IMAGE,),
    "ConstantPad1d(2, 3.5)": (SERIES,),
    "ConstantPad2d(1, 0.5)": (IMAGE,),
    "ReflectionPad1d(2)": (SERIES,),
    "ReflectionPad2d(1)": (IMAGE,),
    "ReplicationPad1d((2, 1))": (SERIES,),
    "ReplicationPad2d(1)": (IMAGE,),
    "PixelShuffle(2)": (IMAGE,),
    "PixelUnshuffle(3)": (IMAGE,),
    "Unfold(2, stride=2)": (IMAGE,),
    "Fold((2, 3), 1)": (SERIES,),
    "InstanceNorm1d(4)": (SERIES,),
    "InstanceNorm2d(4, affine=True)": (IMAGE,),
    "LocalResponseNorm(2)": (IMAGE,),
    "Dropout1d(0.5)": (SERIES,),
    "Dropout2d(0.5)": (IMAGE,),
    "AlphaDropout(0.2)": (FLAT,),
    "GLU()": (FLAT,),
    "Hardshrink(0.3)": (FLAT,),
    "Softshrink()": (FLAT,),
    "Tanhshrink()": (FLAT,),
    "Threshold(0.1, 2.0)": (FLAT,),
    "CosineEmbeddingLoss(margin=0.1)": (FLAT, "torch.ones(3, 4)", "torch.ones(3)"),
    "HingeEmbeddingLoss()": (FLAT, "torch.ones(3, 4)"),
    "MarginRankingLoss(margin=0.2)": (FLAT, "torch.zeros(3, 4)", "torch.ones(3, 4)"),
    "TripletMarginLoss(margin=0.5)": (FLAT, "torch.zeros(3, 4)", "torch.ones(3, 4)"),
    "SoftMarginLoss()": (FLAT, "torch.ones(3, 4)"),
    "MultiMarginLoss()": (FLAT, CLASSES),
    "MultiLabelSoftMarginLoss()": (FLAT, "torch.ones(3, 4)"),
    "GaussianNLLLoss()": (FLAT, "torch.ones(3, 4)", "torch.ones(3, 4)"),
    "PoissonNLLLoss(reduction='sum')": (FLAT, "torch.ones(3, 4)"),
    "MSELoss()": (FLAT, "torch.ones(3, 4)"),
    "MSELoss(reduction='sum')": (FLAT, "torch.ones(3, 4)"),
    "L1Loss(reduction='none')": (FLAT, "torch.ones(3, 4)"),
    "SmoothL1Loss(beta=0.5)": (FLAT, "torch.ones(3, 4)"),
    "HuberLoss(delta=0.5)": (FLAT, "torch.ones(3, 4)"),
    "CrossEntropyLoss()": (FLAT, CLASSES),
    "CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0, 4.0]), label_smoothing=0.1)": (FLAT, CLASSES),
    "CrossEntropyLoss(ignore_index=1)": (FLAT, CLASSES),
    "NLLLoss()": (FLAT, CLASSES),
    "BCELoss()": (SHARES, "torch.ones(3, 4)"),
    "BCEWithLogitsLoss(pos_weight=torch.full((4,), 2.0))": (FLAT, "torch.ones(3, 4)"),
    "KLDivLoss(reduction='batchmean')": (FLAT, "torch.rand(3, 4)"),
}
# Several results, or several inputs of their own.
WRITTEN = {
    "LSTMCell": "h, c = nn.LSTMCell(4, 3)(x)\nprint(h, c)\n(h.sum() + c.sum()).backward()",
    "RNN": "y, h = nn.RNN(6, 3, batch_first=True)(x)\nprint(y, h)\ny.sum().backward()",
    "LSTM": "y, (h, c) = nn.LSTM(6, 3, num_layers=2)(x)\nprint(y.shape, h, c)\n(y.sum() + c.sum()).backward()",
    "GRU": "y, h = nn.GRU(6, 3, bidirectional=True)(x)\nprint(y.shape, h)\nh.sum().backward()",
    "MultiheadAttention": "a = nn.MultiheadAttention(6, 2, batch_first=True)\ny, w = a(x, x, x)\nprint(y, w)\n"
    "y.sum().backward()",
    "ModuleList": "l = nn.ModuleList([nn.Linear(6, 6), nn.Tanh()])\nfor m in l:\n    x = m(x)\nprint(x)",
    "ModuleDict": "d = nn.ModuleDict({'a': nn.Linear(6, 2)})\nprint(d['a'](x))",
    "ParameterList": "p = nn.ParameterList([nn.Parameter(torch.ones(6))])\nprint(x @ p[0])",
    "ParameterDict": "p = nn.ParameterDict({'a': nn.Parameter(torch.ones(6))})\nprint(x @ p['a'])",
}
HEAD = "import torch\nfrom torch import nn\ntorch.manual_seed(0)\n"


@pytest.mark.parametrize(("made", "given"), MADE.items(), ids=MADE.keys())
def test_a_module_gives_the_result_and_the_gradients_of_torchs_own(made: str, given: tuple[str, ...]) -> None:
    names = [f"x{place}" for place in range(len(given))]
    inputs = "".join(f"{name} = {value}\n" for name, value in zip(names, given, strict=True))
    assert_agrees(
        f"{HEAD}m = nn.{made}\n{inputs}y = m({', '.join(names)})\nprint(y, m)\n"
        "if y.requires_grad:\n    (y * y).sum().backward()\nprint([p.grad for p in m.parameters()])"
    )


@pytest.mark.parametrize("program", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_module_of_several_parts_or_results_does_what_torchs_own_does(program: str) -> None:
    assert_agrees(f"{HEAD}x = {SERIES}\n{program}")


def test_every_module_of_the_table_is_held_to_torch() -> None:
    assert {made.partition("(")[0] for made in MADE} | set(WRITTEN) == set(LAYERS)


LARGE = [
    "Linear(100000, 100000)", "Bilinear(1000, 1000, 1000)", "Conv1d(9999, 9999, 9)", "Conv2d(999, 999, (99, 99))",
    "LayerNorm(99999999)", "LayerNorm([99999, 99999])", "Embedding(99999, 99999)", "LSTM(4000, 4000)",
    "GRUCell(9, 9999)", "MultiheadAttention(9000, 2)",
]  # fmt: skip


@pytest.mark.parametrize("made", LARGE)
def test_a_module_of_too_many_numbers_is_refused_before_it_is_made(made: str) -> None:
    with pytest.raises(VizgraphError, match=r"would make a tensor of [0-9,]+ numbers; at most 8,192 fit"):
        ours(f"{HEAD}m = nn.{made}")


@pytest.mark.parametrize("made", ["RNN(2, 2, 9)", "LSTM(2, 2, num_layers=1000)"])
def test_a_recurrent_module_of_too_many_layers_is_refused(made: str) -> None:
    with pytest.raises(VizgraphError, match="layers; at most 8 are allowed"):
        ours(f"{HEAD}m = nn.{made}")
