import torch
import torch.nn.functional as F

p = torch.tensor([0.2, 0.8, 0.6], requires_grad=True)
t = torch.tensor([0.0, 1.0, 1.0])
losses = [F.l1_loss, F.mse_loss, F.smooth_l1_loss, F.binary_cross_entropy, F.huber_loss]
for loss in losses:
    g, = torch.autograd.grad(loss(p, t), p)
    print(loss(p, t).item(), g)
print(F.kl_div(torch.log(p), t, reduction="sum"))
print(F.cosine_similarity(p, t, dim=0))
