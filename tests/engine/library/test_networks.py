"""Hold modules of torch.nn and of the program's own classes to what Python and torch do with them."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

PROGRAMS = {
    "a class with two layers, a parameter and a helper": r"""
import torch
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    '''A small net.'''
    def __init__(self, n_in, n_hidden=4):
        super().__init__()
        self.fc1 = nn.Linear(n_in, n_hidden)
        self.fc2 = nn.Linear(n_hidden, 1)
        self.scale = nn.Parameter(torch.tensor(2.0))
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        h = F.relu(self.fc1(x))
        return self.helper(self.fc2(h)) * self.scale

    def helper(self, x):
        return torch.tanh(x)

torch.manual_seed(1)
model = Net(3)
x = torch.randn(5, 3)
y = model(x)
print(y)
loss = y.pow(2).mean()
loss.backward()
for name, p in model.named_parameters():
    print(name, p.shape, p.grad)
print(model)
print(sum(p.numel() for p in model.parameters()))
print(model.calls, model.training)
model.eval()
print(model.training, model.fc1.training)
with torch.no_grad():
    for p in model.parameters():
        p -= 0.1 * p.grad
print(model.fc1.weight)
model.zero_grad()
print(model.fc1.bias.grad)
print(model.state_dict())
print(isinstance(model, nn.Module), isinstance(model.fc1, nn.Linear), isinstance(model, Net))
print(type(model), type(y).__name__, type(y.grad_fn).__name__)
print(y.grad_fn.__class__.__name__)
""",
    "every small layer": r"""
import torch, math
import torch.nn as nn
torch.manual_seed(3)
x = torch.randn(4, 6)
for m in [nn.LayerNorm(6), nn.BatchNorm1d(6), nn.Dropout(0.5), nn.GELU(), nn.SiLU(), nn.LeakyReLU(0.2),
          nn.ELU(), nn.Softplus(),
          nn.Softmax(dim=1), nn.LogSoftmax(dim=-1), nn.Tanh(),
          nn.Identity(), nn.Flatten(), nn.Hardtanh(), nn.PReLU()]:
    print(m)
    print(m(x))
emb = nn.Embedding(10, 3)
print(emb(torch.tensor([1, 2, 3])))
conv = nn.Conv1d(1, 2, kernel_size=3, padding=1)
print(conv(torch.randn(1, 1, 5)))
c2 = nn.Conv2d(1, 2, 3)
pool = nn.MaxPool2d(2)
out = pool(c2(torch.randn(1, 1, 6, 6)))
print(out.shape, out)
out.sum().backward()
print(c2.weight.grad)
print(c2, pool)
rnn = nn.RNNCell(3, 4)
h = rnn(torch.randn(2, 3))
h = rnn(torch.randn(2, 3), h)
print(h)
lc = nn.LSTMCell(3, 4)
hidden, c = lc(torch.randn(2, 3), (torch.zeros(2, 4), torch.zeros(2, 4)))
print(hidden, c)
lstm = nn.LSTM(3, 4, batch_first=True)
o, (hn, cn) = lstm(torch.randn(2, 5, 3))
print(o.shape, hn)
gru = nn.GRU(3, 4)
o, hn = gru(torch.randn(5, 2, 3))
print(o[-1], hn)
mha = nn.MultiheadAttention(8, 2, batch_first=True)
q = torch.randn(1, 3, 8)
a, w = mha(q, q, q)
print(a, w)
(a.sum() + o.sum() + h.sum()).backward()
print(mha.in_proj_weight.grad.sum(), gru.weight_hh_l0.grad)
""",
    "losses": r"""
import torch
import torch.nn as nn
a = torch.tensor([[1.0, 2.0], [3.0, 0.5]], requires_grad=True)
t = torch.tensor([[0.5, 1.0], [2.0, 1.0]])
for L in [nn.MSELoss(), nn.L1Loss(), nn.SmoothL1Loss(), nn.HuberLoss(delta=0.5), nn.MSELoss(reduction='sum')]:
    l = L(a, t)
    print(L, l)
    l.backward()
    print(a.grad)
    a.grad = None
ce = nn.CrossEntropyLoss()
print(ce(a, torch.tensor([0, 1])))
print(nn.NLLLoss()(torch.log_softmax(a, 1), torch.tensor([1, 0])))
print(nn.BCEWithLogitsLoss()(a, torch.tensor([[0., 1.], [1., 0.]])))
print(nn.KLDivLoss(reduction="batchmean")(torch.log_softmax(a, 1), torch.softmax(t, 1)))
""",
    "a sequence of layers": r"""
import torch
from torch import nn
model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(inplace=True), nn.Sequential(nn.Linear(3, 1), nn.Sigmoid()))
x = torch.tensor([[0.5, -1.0]], requires_grad=True)
y = model(x)
y.sum().backward()
print(y, x.grad, model, len(model), model[0].bias.grad, model[-1][1], model[:2])
for name, layer in model.named_children():
    print(name, type(layer).__name__)
""",
    "a list of layers": r"""
import torch
from torch import nn
class Deep(nn.Module):
    def __init__(self):
        super(Deep, self).__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])
        self.layers.append(nn.Linear(2, 1, bias=False))
        self.register_buffer("shift", torch.tensor([0.5, 0.25]))
        self.factor = 2
    def forward(self, x, *, scale=1.0):
        for layer in self.layers:
            x = torch.tanh(layer(x + self.shift if layer is self.layers[0] else x))
        return self.factor * scale * x
net = Deep()
print(net)
out = net(torch.ones(1, 2), scale=3.0)
out.backward()
print(out, [name for name, _ in net.named_parameters()], len(net.layers), list(net.buffers()))
net.requires_grad_(False)
print([p.requires_grad for p in net.parameters()])
net.apply(lambda m: print(type(m).__name__))
""",
    "modules inside modules, shared and replaced": r"""
import torch
from torch import nn
class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.inner = nn.Linear(size, size)
    def forward(self, x):
        return x + self.inner(x)
class Net(nn.Module):
    scale = 2.0
    def __init__(self):
        super().__init__()
        self.first = Block(2)
        self.again = self.first
        self.head = nn.Linear(2, 1)
    def forward(self, x):
        return self.scale * self.head(self.again(self.first(x)))
net = Net()
net.head.weight = nn.Parameter(torch.ones(1, 2))
net(torch.ones(1, 2)).sum().backward()
print(net.first.inner.weight.grad, net.head.weight.grad, len(list(net.parameters())), isinstance(net.first, Block))
other = Net()
other.load_state_dict(net.state_dict())
print(other.head.weight, net.train(False).training)
""",
    "initializing and freezing": r"""
import torch
import torch.nn as nn
torch.manual_seed(1)
layer = nn.Linear(3, 2)
nn.init.xavier_uniform_(layer.weight)
nn.init.zeros_(layer.bias)
print(layer.weight, layer.bias)
nn.init.constant_(layer.weight, 0.5)
layer.bias.requires_grad = False
layer(torch.ones(1, 3)).sum().backward()
print(layer.weight.grad, layer.bias.grad)
total = nn.utils.clip_grad_norm_(layer.parameters(), max_norm=1.0)
print(total, layer.weight.grad)
layer.zero_grad()
print(layer.weight.grad)
""",
    "a class without a base": r"""
import torch
class Line:
    def __init__(self, slope, offset=0.0):
        self.slope = torch.tensor(slope, requires_grad=True)
        self.offset = offset
    def __call__(self, x):
        return self.slope * x + self.offset
    def describe(self):
        return f"{self.slope.item():.1f}x + {self.offset}"
line = Line(2.0, offset=1.0)
y = line(torch.tensor(3.0))
y.backward()
print(y, line.slope.grad, line.describe())
""",
}


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_program_with_modules_does_what_it_does_in_python(source: str) -> None:
    assert_agrees(source)


WRONG = {
    "before init": r"""
import torch
from torch import nn
class N(nn.Module):
    def __init__(self):
        self.a = nn.Linear(1, 1)
N()
""",
    "parameter before init": r"""
import torch
from torch import nn
class N(nn.Module):
    def __init__(self):
        self.a = nn.Parameter(torch.ones(1))
N()
""",
    "no forward": r"""
import torch
from torch import nn
class N(nn.Module):
    pass
N()(torch.ones(1))
""",
    "missing attribute": r"""
import torch
from torch import nn
class N(nn.Module):
    def forward(self, x):
        return self.fc(x)
N()(torch.ones(1))
""",
    "shapes": r"""
import torch
from torch import nn
nn.Linear(3, 2)(torch.ones(1, 4))
""",
    "not a parameter": r"""
import torch
from torch import nn
layer = nn.Linear(1, 1)
class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(1))
n = N()
n.w = torch.ones(2)
""",
    "arguments": r"""
import torch
from torch import nn
class N(nn.Module):
    def __init__(self, a):
        super().__init__()
N()
""",
    "a list is not called": r"""
import torch
from torch import nn
nn.ModuleList([nn.Linear(1, 1)])(torch.ones(1))
""",
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG.keys())
def test_mistakes_with_modules_are_told_in_the_words_of_torch(source: str) -> None:
    run = assert_agrees(source)
    assert run.error is not None


REFUSED = {
    "nn.Linear(10**9, 10**9)": "Linear would make a tensor of 1,000,000,000 numbers",
    "nn.Linear(100, 100)": "Linear would make a tensor of 10,000 numbers",
    "nn.Conv2d(8, 16, 9)": "Conv2d would make a tensor of 10,368 numbers",
    "nn.Embedding(4096, 4096)": "Embedding would make a tensor of 16,777,216 numbers",
    "nn.LSTM(50, 50)": "LSTM would make a tensor of 10,000 numbers",
    "nn.LSTM(1, 1, num_layers=4000)": "LSTM of 4,000 layers",
    "nn.LSTM(1, 1, 4000)": "LSTM of 4,000 layers",
    "nn.LayerNorm((4096, 4096))": "LayerNorm would make a tensor of 16,777,216 numbers",
    "nn.MultiheadAttention(64, 4)": "MultiheadAttention would make a tensor of 12,288 numbers",
    "nn.AdaptiveAvgPool2d(10**9)": "AdaptiveAvgPool2d would make a tensor of",
    "nn.Linear(2, 2, device='cpu', bias=print)": "Linear can't take print",
    "nn.Tanh().register_full_backward_hook(print)": "",
    "nn.Module()": "this class is only a base here",
    "nn.Linear(2, 2).__init__": "object has no attribute '__init__'",
    "nn.Dropout(0.5, inplace=True)": "inplace=True is not in the language",
    "nn.Sequential(*[nn.Tanh()] * 300)": "a module of more than 256 modules",
}


@pytest.mark.parametrize(("expression", "message"), REFUSED.items())
def test_what_is_too_large_or_outside_is_refused(expression: str, message: str) -> None:
    source = f"import torch\nfrom torch import nn\ny = {expression}"
    try:
        error = ours(source).error
        said = error.message if error else "nothing"
    except VizgraphError as refusal:
        said = refusal.message
    assert message in said
    assert said != "nothing"


def test_a_module_that_holds_itself_is_refused() -> None:
    source = "from torch import nn\nclass N(nn.Module):\n    pass\nn = N()\nn.me = n"
    with pytest.raises(VizgraphError, match="a module of more than 256 modules"):
        ours(source)


def test_modules_that_multiply_are_not_walked() -> None:
    source = (
        "from torch import nn\nclass N(nn.Module):\n    pass\nnets = [N() for _ in range(30)]\n"
        "for a, b in zip(nets, nets[1:]):\n    a.x = b\n    a.y = b\nprint(nets[0])"
    )
    with pytest.raises(VizgraphError, match="a module of more than 256 modules"):
        ours(source)


def test_parameters_are_leaves_named_by_their_path() -> None:
    run = ours(PROGRAMS["a class with two layers, a parameter and a helper"])
    names = {"model.fc1.weight", "model.fc1.bias", "model.fc2.weight", "model.fc2.bias", "model.scale"}
    assert {leaf.name for leaf in run.leaves} == names


def test_each_operation_inside_a_module_is_a_call_with_its_line() -> None:
    run = ours(PROGRAMS["a class with two layers, a parameter and a helper"])
    inside = [call for call in run.calls if call.operation in ("linear", "relu", "tanh")]
    assert [call.operation for call in inside] == ["linear", "relu", "linear", "tanh"]
    assert [call.span.line for call in inside if call.span] == [16, 16, 17, 20]
    assert {run.calls[0].kind} == {"leaf"}


def test_zero_grad_of_a_module_is_a_change_of_every_gradient() -> None:
    run = ours(PROGRAMS["initializing and freezing"])
    assert [(change.leaf, change.how) for change in run.changes][-1] == ("layer.weight", "layer.zero_grad()")


def test_steps_inside_forward_are_counted() -> None:
    source = (
        "import torch\nfrom torch import nn\nclass N(nn.Module):\n    def forward(self, x):\n"
        "        while True:\n            x = x\nN()(torch.ones(1))"
    )
    with pytest.raises(VizgraphError, match="runs more than 50,000 steps"):
        ours(source)
