import torch

seen = {}

def save(name):
    def hook(grad):
        seen[name] = grad.clone()
    return hook

x = torch.tensor([1.0, 2.0], requires_grad=True)
a = x * 2
b = a ** 2
a.register_hook(save("a"))
b.register_hook(save("b"))
b.sum().backward()
for name in sorted(seen):
    print(name, seen[name])
print(x.grad)
