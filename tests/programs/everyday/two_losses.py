import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss1 = (w ** 2).sum()
loss2 = w.abs().sum()
(loss1 + 0.5 * loss2).backward()
joint = w.grad.clone()
w.grad.zero_()
loss1 = (w ** 2).sum()
loss2 = w.abs().sum()
loss1.backward()
(0.5 * loss2).backward()
print(joint, w.grad, torch.equal(joint, w.grad))
