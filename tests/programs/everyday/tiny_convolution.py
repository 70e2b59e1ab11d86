import torch
import torch.nn.functional as F

image = torch.arange(16.0).reshape(1, 1, 4, 4)
kernel = torch.tensor([[[[1.0, 0.0], [0.0, -1.0]]]], requires_grad=True)
out = F.conv2d(image, kernel)
print(out.shape)
print(out[0, 0])
out.sum().backward()
print(kernel.grad)
