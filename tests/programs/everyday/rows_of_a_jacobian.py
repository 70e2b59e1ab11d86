import torch

x = torch.tensor([0.3, -0.2, 0.5], requires_grad=True)
W = torch.tensor([[1.0, 0.0, 2.0], [0.0, 1.5, 0.0]])
y = torch.tanh(W @ x)
rows = []
for i in range(len(y)):
    g = torch.autograd.grad(y[i], x, retain_graph=True)[0]
    rows.append(g)
J = torch.stack(rows)
print(J.shape)
print(J)
