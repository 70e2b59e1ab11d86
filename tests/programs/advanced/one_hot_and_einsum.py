import torch
import torch.nn.functional as F

classes = F.one_hot(torch.tensor([0, 2, 1]), num_classes=3).float()
W = torch.arange(9.0).view(3, 3).requires_grad_()
out = torch.einsum("bi,ij->bj", classes, W)
trace = torch.einsum("ii->", W)
outer = torch.einsum("i,j->ij", W[0], W[1])
print(out)
print(trace, outer[1])
(out.sum() + trace + outer.sum()).backward()
print(W.grad)
