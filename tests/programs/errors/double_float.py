import torch
w = torch.ones(2, dtype=torch.float64, requires_grad=True)
x = torch.ones(2)
print((w * x).dtype)
print(torch.dot(w, x))
