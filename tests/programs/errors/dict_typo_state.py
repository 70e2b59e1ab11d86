import torch
from torch import nn
m = nn.Linear(2, 1)
print(list(m.state_dict()))
m.load_state_dict({"weight": torch.ones(1, 2)})
