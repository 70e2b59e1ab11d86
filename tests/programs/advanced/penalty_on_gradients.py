import torch
import torch.nn as nn
import torch.autograd as autograd

torch.manual_seed(1)
D = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
real = torch.randn(4, 2)
fake = torch.randn(4, 2) + 3
LAMBDA = 10


def calc_gradient_penalty(netD, real_data, fake_data):
    alpha = torch.rand(real_data.size(0), 1)
    alpha = alpha.expand(real_data.size())
    interpolates = alpha * real_data + ((1 - alpha) * fake_data)
    interpolates = autograd.Variable(interpolates, requires_grad=True)
    disc_interpolates = netD(interpolates)
    gradients = autograd.grad(outputs=disc_interpolates, inputs=interpolates,
                              grad_outputs=torch.ones(disc_interpolates.size()),
                              create_graph=True, retain_graph=True, only_inputs=True)[0]
    gradient_penalty = ((gradients.norm(2, dim=1) - 1) ** 2).mean() * LAMBDA
    return gradient_penalty


optD = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.9))
for it in range(3):
    D.zero_grad()
    d_real = D(real).mean()
    d_fake = D(fake).mean()
    gp = calc_gradient_penalty(D, real, fake)
    cost = d_fake - d_real + gp
    cost.backward()
    optD.step()
    print("iter %d: cost %.4f gp %.4f W %.4f" % (it, cost.item(), gp.item(), (d_real - d_fake).item()))
