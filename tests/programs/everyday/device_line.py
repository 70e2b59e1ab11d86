import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
dtype = torch.float
a = torch.full((2,), 3.0, device="cpu", dtype=dtype, requires_grad=True)
b = (a.to("cpu") * 2).sum()
b.backward()
print(a.grad, a.device)
