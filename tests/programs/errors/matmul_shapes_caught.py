import torch

W = torch.ones(4, 2, requires_grad=True)
x = torch.ones(3)
try:
    W.matmul(x)
except RuntimeError as e:
    print("error:", e)
print(W.matmul(x[:2]))
