import torch

# set up simple graph
x = torch.tensor(2.0, requires_grad=True)
y = x ** 2
z = 3 * y + x
y.retain_grad()
z.retain_grad()
z.backward()
for name, t in {"x": x, "y": y, "z": z}.items():
    print(f"{name}.is_leaf={t.is_leaf}, {name}.retains_grad={t.retains_grad}, grad={t.grad}")
