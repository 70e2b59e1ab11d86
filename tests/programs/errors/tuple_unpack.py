import torch
loss, acc = torch.tensor([1.0, 2.0, 3.0])
