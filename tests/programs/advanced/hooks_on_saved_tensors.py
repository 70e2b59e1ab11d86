# What autograd keeps for the backward pass goes through a pair of functions: one packs, one unpacks.
import torch
from torch.autograd.graph import saved_tensors_hooks, save_on_cpu

seen = []


def pack(tensor):
    seen.append(tuple(tensor.shape))
    print("keep", tensor.detach())
    return tensor.detach().double(), tensor.dtype


def unpack(kept):
    wide, dtype = kept
    print("take", wide)
    return wide.to(dtype)


u = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([3.0, 5.0], requires_grad=True)
with saved_tensors_hooks(pack, unpack):
    product = u * v
    squared = product.pow(2)
print(len(seen), seen)
squared.sum().backward()
print(u.grad, v.grad)

w = torch.tensor([0.5, 1.5], requires_grad=True)
with torch.autograd.graph.save_on_cpu():
    total = (w * w.exp()).sum()
total.backward()
print(w.grad)
