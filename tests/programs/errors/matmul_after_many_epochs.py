import torch
w = torch.tensor(1.0, requires_grad=True)
for epoch in range(500):
    loss = (w - 3)**4
    loss.backward()
    with torch.no_grad():
        w -= 0.5 * w.grad
    w.grad = None
    if epoch == 300:
        bad = torch.ones(3) @ torch.ones(4) * w
