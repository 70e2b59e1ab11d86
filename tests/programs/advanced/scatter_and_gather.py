import torch

src = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
idx = torch.tensor([[0, 2, 0], [1, 0, 1]])
picked = torch.gather(src, 1, idx)
print(picked)
out = torch.zeros(2, 3).scatter_add(1, idx, src)
print(out)
(picked.sum() + (out ** 2).sum()).backward()
print(src.grad)
print(torch.index_select(src, 1, torch.tensor([2, 0])))
