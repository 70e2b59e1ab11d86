import torch
x = torch.ones(2)
print(torch.autograd.functional.hessian(lambda x: (x ** 3).sum(), x))
torch.autograd.functional.hessian(lambda x: x ** 3, x)
