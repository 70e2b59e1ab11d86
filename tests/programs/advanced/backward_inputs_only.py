import torch

a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(5.0, requires_grad=True)
out = a * b + b ** 2
out.backward(inputs=[a])
print(a.grad, b.grad)
torch.autograd.backward([a * b, a + b], [torch.tensor(1.0), torch.tensor(10.0)])
print(a.grad, b.grad)
