import torch

inputs = torch.tensor([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])
targets = [0., 0., 0., 1.]
w = torch.zeros(2, requires_grad=True)
bias = torch.tensor(0.0, requires_grad=True)
for epoch in range(3):
    total = 0.0
    for x, t in zip(inputs, targets):
        out = torch.sigmoid(torch.dot(w, x) + bias)
        loss = (out - t) ** 2
        loss.backward()
        total += loss.item()
        w.data -= 1.0 * w.grad
        bias.data -= 1.0 * bias.grad
        w.grad.zero_()
        bias.grad.zero_()
    print(f"epoch {epoch} total {total:.5f}")
