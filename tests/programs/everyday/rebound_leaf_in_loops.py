import torch
w = torch.tensor(1.0, requires_grad=True)
lr = 0.1
i = 0
while True:
    loss = (w - 3)**2
    loss.backward()
    w = (w - lr * w.grad).detach().requires_grad_(True)
    i += 1
    if loss.item() < 1e-6 or i > 200:
        break
print(i, w, w.grad)
for p in range(150):
    loss = (w - 3)**2
    loss.backward()
    w = (w - lr * w.grad).detach()
    w.requires_grad_()
    w.grad = None
out = (w*2).sum()
out.backward()
print(w.grad)
