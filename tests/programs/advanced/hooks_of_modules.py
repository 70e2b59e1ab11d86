import copy
import torch
from torch import nn

torch.manual_seed(0)
seen = {}


def remember(name):
    def hook(module, inputs, output):
        seen[name] = (tuple(inputs[0].shape), tuple(output.shape))
    return hook


model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
handles = [layer.register_forward_hook(remember(f"layer {i}")) for i, layer in enumerate(model)]
doubled = model[1].register_forward_hook(lambda module, inputs, output: output * 2)
out = model(torch.ones(4, 2))
out.mean().backward()
print(seen)
for handle in handles:
    handle.remove()
doubled.remove()
seen.clear()
twin = copy.deepcopy(model)
model(torch.ones(1, 2)).sum().backward()
print(seen, twin[0].weight.grad is not None, twin[0].weight is model[0].weight)
with torch.no_grad():
    twin[2] = nn.Identity()
print(twin(torch.ones(1, 2)), model[2].weight.grad)
