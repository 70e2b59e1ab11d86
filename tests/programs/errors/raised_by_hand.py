import torch

def check(loss):
    if torch.isnan(loss):
        raise ValueError("loss became NaN")
    return loss

x = torch.tensor(-1.0, requires_grad=True)
check(x * 2)
check(torch.log(x))
