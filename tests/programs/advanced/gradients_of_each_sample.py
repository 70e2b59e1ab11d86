import torch
from torch import nn
from torch.func import functional_call, grad, vmap

torch.manual_seed(0)
model = nn.Linear(2, 1)
params = {k: v.detach() for k, v in model.named_parameters()}
x, y = torch.randn(3, 2), torch.randn(3, 1)


def compute_loss(params, sample, target):
    pred = functional_call(model, params, (sample.unsqueeze(0),))
    return nn.functional.mse_loss(pred, target.unsqueeze(0))


g = grad(compute_loss)(params, x[0], y[0])
print({k: v.shape for k, v in g.items()})
per_sample = vmap(grad(compute_loss), in_dims=(None, 0, 0))(params, x, y)
print(per_sample["weight"].shape, per_sample["bias"].flatten())
