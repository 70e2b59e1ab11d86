import torch

torch.set_printoptions(precision=2, sci_mode=False)
x = torch.tensor([3.14159, 2.71828, 0.00012], requires_grad=True)
print(x)
(x ** 2).sum().backward()
print(x.grad)
