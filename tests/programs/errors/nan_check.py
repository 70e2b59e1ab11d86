import torch
x = torch.tensor([-1.0, 4.0], requires_grad=True)
loss = torch.log(x).sum()
loss.backward()
print(x.grad, loss)
if torch.isnan(loss):
    raise ValueError(f"loss is {loss.item()}, stopping")
