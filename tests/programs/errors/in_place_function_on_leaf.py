# The functions of torch that end in an underscore write into what they are given.
import torch

angle = torch.linspace(0.0, 3.0, 4, requires_grad=True)
free = torch.zeros(3)
torch.cos_(free)
print(free)
torch.sin_(angle)
