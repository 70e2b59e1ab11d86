import torch
import torch.nn as nn
from collections import OrderedDict


class DynamicNet(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.activations = nn.ModuleDict({"relu": nn.ReLU(), "tanh": nn.Tanh()})
        self.gains = nn.ParameterList([nn.Parameter(torch.ones(1)) for _ in self.layers])

    def forward(self, x, act="relu"):
        for i, (layer, gain) in enumerate(zip(self.layers, self.gains)):
            x = layer(x) * gain
            if i < len(self.layers) - 1:
                x = self.activations[act](x)
        return x


torch.manual_seed(0)
net = DynamicNet([2, 3, 1])
print(net)
out = net(torch.tensor([[1.0, -1.0]]), act="tanh")
out.sum().backward()
print(out, net.gains[0].grad, len(net.layers), list(net.activations.keys()))
model = nn.Sequential(OrderedDict([
    ('fc1', nn.Linear(2, 2)),
    ('relu1', nn.ReLU()),
    ('fc2', nn.Linear(2, 1)),
]))
print(model)
print(model.fc1.weight.shape, model[0] is model.fc1, [n for n, m in model.named_children()])
loss = model(torch.ones(1, 2)).sum()
loss.backward()
for k, v in model.state_dict().items():
    print(k, v.shape)
print(model.fc2.bias.grad)
