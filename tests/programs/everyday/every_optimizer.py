import torch


def rosenbrock(xy):
    x, y = xy
    return (1 - x) ** 2 + 100 * (y - x ** 2) ** 2


def run_optimization(xy_init, optimizer_class, n_iter, **optimizer_kwargs):
    xy_t = torch.tensor(xy_init, requires_grad=True)
    optimizer = optimizer_class([xy_t], **optimizer_kwargs)
    path = [tuple(xy_t.tolist())]
    for i in range(1, n_iter + 1):
        optimizer.zero_grad()
        loss = rosenbrock(xy_t)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(xy_t, 1.0)
        optimizer.step()
        path.append(tuple(xy_t.detach().tolist()))
    return path


xy_init = (.3, .8)
for cls, kw in [
    (torch.optim.SGD, dict(lr=1e-3)),
    (torch.optim.SGD, dict(lr=1e-3, momentum=0.9, nesterov=True)),
    (torch.optim.SGD, {"lr": 1e-3, "weight_decay": 0.1}),
    (torch.optim.Adam, dict(lr=1e-2)),
    (torch.optim.AdamW, dict(lr=1e-2)),
    (torch.optim.RMSprop, dict(lr=1e-2)),
    (torch.optim.Adagrad, dict(lr=1e-1)),
]:
    path = run_optimization(xy_init, cls, 20, **kw)
    print(cls.__name__, [round(v, 4) for v in path[-1]], len(path))
