import torch

v = torch.tensor([0., 0., 0.], requires_grad=True)
h = v.register_hook(lambda grad: grad * 2)  # double the gradient
v.backward(torch.tensor([1., 2., 3.]))
print(v.grad)
h.remove()  # removes the hook
v.grad = None
v.backward(torch.tensor([1., 2., 3.]))
print(v.grad)

grads = {}


def save_grad(name):
    def hook(grad):
        grads[name] = grad
    return hook


x = torch.randn(1, 1)
w1 = torch.randn(1, 1, requires_grad=True)
w2 = torch.randn(1, 1, requires_grad=True)
a = x.mm(w1)
b = a.mm(w2)
a.register_hook(save_grad('a'))
b.register_hook(save_grad('b'))
loss = (b - 1).pow(2).mean()
loss.backward()
for k, g in sorted(grads.items()):
    print(k, g)
print(f"{'name':<10}|{'norm':>12}")
print("-" * 23)
for k in sorted(grads):
    print(f"{k:<10}|{grads[k].norm().item():>12.6f}")
