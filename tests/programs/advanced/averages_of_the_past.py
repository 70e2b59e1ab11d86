import torch

torch.manual_seed(1337)
B, T, C = 2, 4, 2
x = torch.randn(B, T, C, requires_grad=True)
wei = torch.tril(torch.ones(T, T))
wei = wei / wei.sum(1, keepdim=True)
xbow2 = wei @ x
tril = torch.tril(torch.ones(T, T))
wei = torch.zeros((T, T))
wei = wei.masked_fill(tril == 0, float('-inf'))
wei = torch.softmax(wei, dim=-1)
xbow3 = wei @ x
print(torch.allclose(xbow2, xbow3))
xbow3[:, -1].sum().backward()
print(x.grad[0])
print(x[[0, 1], [1, 2]], x[:, [0, 2]].shape, x[..., 0].max())
