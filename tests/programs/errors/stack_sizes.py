import torch
a, b = torch.ones(2), torch.ones(3)
print(torch.cat([a, b]))
print(torch.stack([a, b]))
