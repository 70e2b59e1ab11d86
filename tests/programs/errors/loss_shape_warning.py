import torch
import torch.nn.functional as F
pred = torch.tensor([[0.5], [1.5]], requires_grad=True)
y = torch.tensor([1.0, 2.0])
loss = F.mse_loss(pred, y)
print(loss)
loss.backward()
print(pred.grad)
