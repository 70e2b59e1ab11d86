import torch
import torch.nn as nn
conv = nn.Conv2d(3, 4, kernel_size=3)
x = torch.randn(1, 1, 8, 8)
print(conv(x).shape)
