# A container that keeps its layers in the table that every module has.
import torch
from torch import nn


class Stack(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        for number, layer in enumerate(layers):
            self._modules[str(number)] = layer

    def forward(self, x):
        for layer in self._modules.values():
            x = layer(x)
        return x


torch.manual_seed(4)
net = Stack(nn.Linear(4, 6), nn.GLU(), nn.ReflectionPad1d(1), nn.Linear(5, 1))
print(net)
print([name for name, _ in net.named_parameters()], len(net._modules))
for name, layer in net._modules.items():
    print(name, type(layer).__name__)
out = net(torch.ones(2, 4))
out.sum().backward()
print(out, net._modules["0"].bias.grad)
