import torch

X = torch.tensor([[0.2, 0.7], [1.5, -0.3], [-1.0, 0.4]])
y = torch.tensor([1.0, 0.0, 1.0])
w = torch.zeros(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)

for step in range(5):
    p = torch.sigmoid(X @ w + b)
    loss = -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()
    loss.backward()
    with torch.no_grad():
        for param in (w, b):
            param -= 0.5 * param.grad
            param.grad.zero_()
    print("step %d loss %.4f" % (step, loss.item()))
print(w, b)
