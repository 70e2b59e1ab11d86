import torch

x = torch.tensor([-1.5, 2.0], requires_grad=True)
optimizer = torch.optim.SGD([x], lr=1e-3)


def closure():
    optimizer.zero_grad()
    loss = (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    loss.backward()
    return loss


for i in range(5):
    loss = optimizer.step(closure)
    print(f"{i} {loss.item():.4f}")
print(optimizer.state_dict()["param_groups"][0]["lr"])
