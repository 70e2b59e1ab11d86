import torch
opt = torch.optim.SGD([torch.ones(1, requires_grad=True)], learning_rate=0.1)
