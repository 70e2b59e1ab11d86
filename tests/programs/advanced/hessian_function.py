import torch
from torch.autograd.functional import hessian

def pow_reducer(x):
    return x.pow(3).sum()

inputs = torch.tensor([[0.5, 1.0], [2.0, -1.0]])
H = hessian(pow_reducer, inputs)
print(H.shape)
print(H.reshape(4, 4))
