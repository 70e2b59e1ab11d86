import torch

scores = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
lengths = torch.tensor([2, 3])
mask = torch.arange(3)[None, :] < lengths[:, None]
mean = (scores * mask).sum(1) / mask.sum(1)
print(mask)
print(mean)
mean.sum().backward()
print(scores.grad)
