import copy
import torch
x = torch.ones(2, requires_grad=True)
c = copy.deepcopy(x)
print(c, c.is_leaf)
y = x * 2
copy.deepcopy(y)
