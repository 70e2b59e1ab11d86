"""Hold the methods of modules to torch's own: what they give, what they change, and in which words they refuse."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = """import torch
from torch import nn
torch.manual_seed(0)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 3)
        self.norm = nn.BatchNorm1d(3)
        self.last = nn.Sequential(nn.ReLU(), nn.Linear(3, 1))
    def forward(self, x):
        return self.last(self.norm(self.first(x)))
net = Net()
x = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
"""
PROGRAMS = {
    "parameters": "print([p.shape for p in net.parameters()], sum(p.numel() for p in net.parameters()))",
    "named parameters": "print([name for name, _ in net.named_parameters()])\nfor name, p in net.named_parameters():\n"
    "    print(name, p)",
    "buffers": "print([b.shape for b in net.buffers()], [name for name, _ in net.named_buffers()])",
    "children": "print(len(list(net.children())), [name for name, _ in net.named_children()])",
    "modules": "print(len(list(net.modules())), [name for name, _ in net.named_modules()])",
    "train and eval": "print(net.training, net.norm.training)\nnet.eval()\nprint(net.training, net.norm.training)\n"
    "net.train()\nprint(net.last.training)\nnet.train(False)\nprint(net.last.training)",
    "state": "for name, value in net.state_dict().items():\n    print(name, value)",
    "state of another": "other = Net()\nprint(other.load_state_dict(net.state_dict()))\n"
    "print((other.eval()(x) - net.eval()(x)).abs().max())",
    "gradients cleared": "net(x).sum().backward()\nnet.zero_grad()\nprint(net.first.weight.grad)",
    "gradients made zero": "net(x).sum().backward()\nnet.zero_grad(set_to_none=False)\nprint(net.first.weight.grad)",
    "frozen": "net.first.requires_grad_(False)\nprint([p.requires_grad for p in net.parameters()])\n"
    "net(x).sum().backward()\nprint(net.first.weight.grad, net.norm.weight.grad)",
    "applied": "def fill(m):\n    if isinstance(m, nn.Linear):\n        nn.init.ones_(m.weight)\n        print(m)\n"
    "print(net.apply(fill).first.weight)",
    "buffer": "net.register_buffer('k', torch.tensor([1.0, 2.0]))\nnet.register_buffer('none', None)\n"
    "print(net.k, net.none, len(list(net.buffers())))",
    "buffer of no tensor": "net.register_buffer('k', 3)",
    "parameter": "net.register_parameter('w', nn.Parameter(torch.ones(2)))\nnet.register_parameter('n', None)\n"
    "print(net.w, net.n, [name for name, _ in net.named_parameters()][:1])",
    "parameter of no parameter": "net.register_parameter('w', torch.ones(2))",
    "module added": "net.add_module('more', nn.Linear(1, 2))\nnet.register_module('again', nn.Tanh())\n"
    "print(net, net.more.out_features)",
    "module that is none": "net.add_module('more', 3)",
    "list": "l = nn.ModuleList([nn.Linear(1, 1)])\nl.append(nn.ReLU())\nl.extend([nn.Tanh(), nn.Linear(1, 2)])\n"
    "print(l, len(l))",
    "list of something else": "nn.ModuleList().append(3)",
    "sequential": "s = nn.Sequential(nn.Linear(2, 2))\ns.append(nn.ReLU())\nprint(s, s(x))",
    "parameter list": "p = nn.ParameterList()\np.append(nn.Parameter(torch.ones(2)))\nprint(len(p), p[0])",
    "dict": "d = nn.ModuleDict({'a': nn.ReLU(), 'b': nn.Linear(1, 1)})\nprint(list(d.keys()), list(d.values()))\n"
    "for name, m in d.items():\n    print(name, m)",
    "dict of parameters": "d = nn.ParameterDict({'a': nn.Parameter(torch.ones(2))})\nprint(list(d.keys()))\n"
    "for name, p in d.items():\n    print(name, p)",
    "keys of no dict": "net.keys()",
    "double": "m = nn.Linear(2, 1).double()\nprint(m.weight.dtype)\n"
    "print(m.float().weight.dtype, m.to(torch.float64)(x.double()))",
    "to the cpu": "print(nn.Linear(2, 1).to('cpu').weight, nn.Linear(2, 1).to(torch.device('cpu')).bias)",
    "plain attributes": "print(net.first.in_features, net.first.out_features, nn.Dropout(0.3).p, "
    "nn.GRU(1, 4).hidden_size, nn.LSTMCell(1, 2).hidden_size, nn.Conv2d(1, 1, 3).kernel_size)",
    "hooks": "def before(m, inputs):\n    print('before', m.__class__.__name__, len(inputs))\n"
    "def after(m, inputs, result):\n    print('after', result.shape)\n    return result * 2\n"
    "net.first.register_forward_pre_hook(before)\nhandle = net.first.register_forward_hook(after)\nprint(net(x))\n"
    "handle.remove()\nprint(net(x))",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_method_of_a_module_does_what_torchs_own_does(program: str) -> None:
    assert_agrees(HEAD + program)


REFUSED = {
    "net.register_buffer('a b', x)": "this can't be the name of an attribute",
    "net.register_buffer('_parameters', x)": "this can't be the name of an attribute",
    "net.register_parameter(3, None)": "this can't be the name of an attribute",
    "net.add_module('forward', nn.ReLU())": "this can't be the name of a module",
    "net.add_module('a.b', nn.ReLU())": "this can't be the name of a module",
    "net.add_module(3, nn.ReLU())": "this can't be the name of a module",
    "net.to('cuda')": "there is no other device here",
    "net.register_full_backward_hook(print)": "a backward hook of a module is not in the language",
    "net.register_backward_hook(print)": "a backward hook of a module is not in the language",
    "l = nn.ModuleList()\nfor i in range(300):\n    l.append(nn.ReLU())\nn = nn.Sequential(l)": "256 modules",
    "s = nn.Sequential(nn.ReLU())\ns.add_module('self', s)": "256 modules",
}


@pytest.mark.parametrize(("program", "said"), REFUSED.items(), ids=REFUSED.keys())
def test_what_is_not_in_the_language_is_refused_in_words(program: str, said: str) -> None:
    with pytest.raises(VizgraphError, match=said) as refused:
        ours(HEAD + program)
    assert refused.value.hint


def test_gradients_that_a_module_clears_are_changes_of_its_parameters() -> None:
    run = ours(HEAD + "net(x).sum().backward()\nnet.zero_grad()")
    assert {change.how for change in run.changes} == {"net.zero_grad()"}
    assert len(run.changes) == 6  # weight and bias of two linear modules and a norm
