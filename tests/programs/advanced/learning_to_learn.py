import torch
import torch.nn.functional as F
from collections import OrderedDict

torch.manual_seed(0)


def net(x, params):
    x = F.linear(x, params['w1'], params['b1'])
    x = F.relu(x)
    x = F.linear(x, params['w2'], params['b2'])
    return x


params = OrderedDict([
    ('w1', torch.randn(5, 1) * 0.5),
    ('b1', torch.zeros(5)),
    ('w2', torch.randn(1, 5) * 0.5),
    ('b2', torch.zeros(1)),
])
for p in params.values():
    p.requires_grad = True

inner_lr, outer_lr = 0.05, 0.01
opt = torch.optim.Adam(list(params.values()), lr=outer_lr)
for it in range(3):
    meta_loss = 0
    for task in range(2):
        amp = torch.rand(1) * 4 + 1
        x = torch.rand(5, 1) * 10 - 5
        y = amp * torch.sin(x)
        fast = params
        for step in range(2):
            loss = F.mse_loss(net(x, fast), y)
            grads = torch.autograd.grad(loss, fast.values(), create_graph=True)
            fast = OrderedDict((name, p - inner_lr * g) for (name, p), g in zip(fast.items(), grads))
        meta_loss = meta_loss + F.mse_loss(net(x, fast), y)
    opt.zero_grad()
    meta_loss.backward()
    opt.step()
    print(it, meta_loss.item())
print({k: tuple(v.shape) for k, v in params.items()})
print(params['b2'].grad)
