import torch

print(torch.tensor([1e-8, 1.0, 1e8]))
print(torch.tensor([float("inf"), float("nan"), -1.5]))
print(torch.tensor([]), torch.tensor(7), torch.tensor(True))
print(torch.zeros(2, 0), torch.tensor([[[1.0]]]))
print(torch.arange(3), torch.tensor([1.5, 2.0], dtype=torch.float64))
print(torch.tensor([0.5], requires_grad=True).double())
print(torch.tensor([123456.0, 0.001]))
