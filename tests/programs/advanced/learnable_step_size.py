import torch

alpha = torch.tensor(0.1, requires_grad=True)
theta = torch.tensor([2.0, -1.0], requires_grad=True)
current = theta
for _ in range(3):
    loss = (current ** 2).sum()
    grad, = torch.autograd.grad(loss, current, create_graph=True)
    current = current - alpha * grad
final = (current ** 2).sum()
final.backward()
print(final)
print(alpha.grad, theta.grad)
