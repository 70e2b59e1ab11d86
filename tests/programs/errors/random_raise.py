import torch


def f(x):
    if x.dim() != 1:
        raise NotImplementedError("only vectors")
    return x.sum()


try:
    f(torch.ones(2, 2))
except NotImplementedError as e:
    print("caught:", e)
f(torch.ones(1, 1))
