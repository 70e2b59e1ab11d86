import torch
W = torch.randn(3, 4)
x = torch.randn(3)
assert W.shape[1] == x.shape[0], f"W has {W.shape[1]} columns, x has {x.shape[0]} entries"
print(W @ x)
