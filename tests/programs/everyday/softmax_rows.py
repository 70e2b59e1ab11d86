import torch
import torch.nn.functional as F

z = torch.tensor([1.0, 2.0, 0.5], requires_grad=True)
p = F.softmax(z, dim=0)
J = torch.zeros(3, 3)
for i in range(3):
    J[i] = torch.autograd.grad(p[i], z, retain_graph=True)[0]
print(J)
with torch.no_grad():
    analytic = torch.diag(p) - torch.outer(p, p)
    print(torch.allclose(J, analytic), (J - analytic).abs().max() < 1e-6)
loss = -torch.log(p[1])
loss.backward()
print(z.grad, p - F.one_hot(torch.tensor(1), 3))
