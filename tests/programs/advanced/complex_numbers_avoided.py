import torch

theta = torch.tensor(0.3, requires_grad=True)
R = torch.stack([
    torch.stack([torch.cos(theta), -torch.sin(theta)]),
    torch.stack([torch.sin(theta), torch.cos(theta)]),
])
p = R @ torch.tensor([1.0, 2.0])
p.backward(torch.tensor([1.0, 0.0]))
print(p.detach(), theta.grad)
print(torch.allclose(R @ R.T, torch.eye(2)))
