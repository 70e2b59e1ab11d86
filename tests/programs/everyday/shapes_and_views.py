import torch

x = torch.arange(12.0, requires_grad=True)
m = x.view(3, 4)
print(m.shape, m.size(0), m.dim(), m.numel())
print(m.t().shape, m.unsqueeze(0).shape, m.flatten().shape)
print(m.permute(1, 0)[0])
loss = m.transpose(0, 1).reshape(2, 6)[0].sum()
loss.backward()
print(x.grad.view(3, 4))
