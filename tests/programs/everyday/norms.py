import torch

v = torch.tensor([3.0, 4.0], requires_grad=True)
n = v.norm()
n.backward()
print(n.item(), v.grad)
v.grad.zero_()
torch.linalg.norm(v, ord=1).backward()
print(v.grad)
v.grad.zero_()
torch.norm(v, p=float("inf")).backward()
print(v.grad)
