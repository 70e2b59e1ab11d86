import torch

w = torch.tensor([1.0, -1.0], requires_grad=True)
(w * w).sum().backward()
print(w.grad)
w.grad = None
print(w.grad)
(w * 5).sum().backward()
print(w.grad)
