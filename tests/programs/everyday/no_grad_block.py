import torch

x = torch.tensor([0.5], requires_grad=True)
y = x * 2
print(y.requires_grad)
with torch.no_grad():
    z = x * 2
    print(z.requires_grad, z)
    with torch.enable_grad():
        q = x * 3
    print(q.requires_grad)
y.backward()
print(x.grad)
