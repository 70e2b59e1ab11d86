import torch
import torch.nn as nn
criterion = nn.MSELoss
loss = criterion(torch.ones(2), torch.zeros(2))
loss.backward()
