import torch
x = torch.arange(6.).reshape(2, 3).t()
print(x.is_contiguous())
y = x.view(6)
