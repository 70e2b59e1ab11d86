import torch

lr = torch.tensor(0.1, requires_grad=True)
w = torch.tensor(2.0, requires_grad=True)
target = torch.tensor(5.0)
for it in range(4):
    inner = (w - target) ** 2
    g = torch.autograd.grad(inner, w, create_graph=True)[0]
    w_new = w - lr * g
    outer = (w_new - target) ** 2
    lr.grad = None
    outer.backward()
    with torch.no_grad():
        lr -= 0.001 * lr.grad
    w = w_new.detach().requires_grad_()
    print(it, f"{lr.item():.5f}", f"{w.item():.5f}")
