import torch

def show(grad):
    print("gradient here:", grad)

x = torch.tensor(1.0, requires_grad=True)
y = x * 2
y.register_hook(show)
z = y * 3
z.backward()
print("leaf:", x.grad)
