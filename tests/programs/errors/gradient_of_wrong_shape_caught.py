import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * 2
try:
    y.backward(gradient=torch.ones(4))
except RuntimeError as error:
    print("caught:", error)
print(x.grad)
