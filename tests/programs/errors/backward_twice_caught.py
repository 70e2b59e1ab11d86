import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
try:
    loss.backward()
except RuntimeError as e:
    print(f"{type(e).__name__}: {e}")
print(w.grad)
