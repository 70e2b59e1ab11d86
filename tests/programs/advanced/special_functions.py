# torch.special, and the neighbours of the usual activations and losses.
import torch
import torch.nn as nn
import torch.nn.functional as F

t = torch.tensor([0.2, 0.9, 1.7], requires_grad=True)
parts = [torch.special.expit(t), torch.special.gammaln(t), torch.digamma(t), torch.special.entr(t), torch.special.i0(t)]
for part in parts:
    print(part)
z = torch.stack(parts).sum()
z.backward()
print(t.grad)

torch.manual_seed(0)
a = torch.randn(3, 4, requires_grad=True)
b = torch.randn(3, 4)
kinds = torch.tensor([0, 3, 1])
signs = torch.tensor([1.0, -1.0, 1.0])
losses = [
    nn.CosineEmbeddingLoss()(a, b, signs),
    nn.MultiMarginLoss()(a, kinds),
    nn.SoftMarginLoss()(a, b.sign()),
    nn.TripletMarginLoss()(a, b, b + 1),
    F.gaussian_nll_loss(a, b, torch.full((3, 4), 0.5)),
    F.poisson_nll_loss(a, b.abs()),
]
for loss in losses:
    print(loss)
sum(losses).backward()
print(a.grad)
print(F.hardshrink(a, 0.5), F.pixel_shuffle(a.view(3, 4, 1, 1), 2).shape, nn.Unfold(2)(a.view(1, 3, 2, 2)).shape)
