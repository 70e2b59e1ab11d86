import torch

torch.manual_seed(0)
M = torch.tensor([[5.0, 3.0, 1.0], [4.0, 2.0, 1.0], [1.0, 1.0, 5.0]])
U = torch.rand(3, 2, requires_grad=True)
V = torch.rand(2, 3, requires_grad=True)
optimizer = torch.optim.Adam([U, V], lr=0.1)
for i in range(8):
    optimizer.zero_grad()
    loss = torch.norm(M - U @ V) ** 2
    loss.backward()
    optimizer.step()
    if i % 3 == 0:
        print(i, f"{loss.item():.3f}")
print((U @ V).shape)
