import torch

w = torch.tensor(0.5, requires_grad=True)
x, y = torch.tensor([1.0, 2.0]), torch.tensor([2.0, 4.0])
inner = ((w * x - y) ** 2).mean()
g = torch.autograd.grad(inner, w, create_graph=True)[0]
fast = w - 0.1 * g
outer = ((fast * x - y) ** 2).mean()
outer.backward()
print(f"inner {inner.item():.4f} outer {outer.item():.4f}")
print(w.grad)
