import torch
import torch.nn.functional as F

x = torch.tensor([[1., 3., 2., 0.], [4., 2., 1., 5.], [0., 1., 9., 2.], [2., 2., 3., 1.]], requires_grad=True)
y = F.max_pool2d(x.view(1, 1, 4, 4), 2)
print(y)
y.sum().backward()
print(x.grad)
