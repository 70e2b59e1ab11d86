import torch

w = torch.tensor(5.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
for step in range(6):
    loss = w ** 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"step {step}  w={w.item():.4f}  grad={w.grad.item():.4f}")
