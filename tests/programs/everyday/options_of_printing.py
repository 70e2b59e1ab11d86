import torch

torch.set_printoptions(precision=2, sci_mode=False)
x = torch.tensor([1.23456, 1e-7, 12345.678])
print(x)
torch.set_printoptions(profile="default")
print(x)
print(torch.arange(2000))
print(torch.tensor([[1, 2], [3, 4]], dtype=torch.int32), torch.tensor(True), torch.tensor([]), torch.empty(0, 3))
print(torch.tensor(3.0).dtype, torch.zeros(2, dtype=torch.float16), torch.tensor([1.5], dtype=torch.bfloat16))
print([torch.tensor(1.0, requires_grad=True), torch.ones(2)], (torch.tensor(2),), {"a": torch.zeros(1)})
print(torch.Size([2, 3]), torch.ones(2, 3).shape[0], torch.float32, torch.device("cpu"))
print(1e-10, 1e22, float("inf"), -0.0, 3, True, None, 0.1 + 0.2)
