import torch
import torch.nn.functional as F

signal = torch.tensor([[[1.0, 2.0, 4.0, 7.0, 11.0]]], requires_grad=True)
kernel = torch.tensor([[[0.25, 0.5, 0.25]]])
smooth = F.conv1d(signal, kernel, padding=1)
print(smooth)
pooled = F.avg_pool1d(smooth, 2)
pooled.sum().backward()
print(signal.grad)
