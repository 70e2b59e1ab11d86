import torch
import torch.nn as nn
import torch.nn.functional as F

pred = torch.tensor([0.5, 1.5, 2.0], requires_grad=True)
goal = torch.tensor([1.0, 1.0, 2.0])
first = nn.MSELoss()(pred, goal)
second = F.mse_loss(pred, goal)
third = ((pred - goal) ** 2).mean()
print(first, second, third)
first.backward()
print(pred.grad)
print(F.mse_loss(pred, goal, reduction="sum"))
