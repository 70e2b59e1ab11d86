import torch
from torch import nn, optim

torch.manual_seed(0)


class Generator(nn.Module):
    def __init__(self, z_dim: int = 2, out_dim: int = 2) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(z_dim, 6),
            nn.ReLU(inplace=True),
            nn.Linear(6, out_dim),
        )

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return self.net(z)


class Discriminator(nn.Module):
    def __init__(self, in_dim: int = 2) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(in_dim, 6), nn.LeakyReLU(0.1), nn.Linear(6, 1), nn.Sigmoid())

    def forward(self, x):
        return self.net(x)


gen, disc = Generator(), Discriminator()
criterion = nn.BCELoss()
opt_gen = optim.Adam(gen.parameters(), lr=3e-4)
opt_disc = optim.Adam(disc.parameters(), lr=3e-4)
batch_size = 4
for epoch in range(2):
    real = torch.randn(batch_size, 2) * 0.5 + 2
    noise = torch.randn(batch_size, 2)
    fake = gen(noise)
    # Train Discriminator: max log(D(real)) + log(1 - D(G(z)))
    disc_real = disc(real).view(-1)
    lossD_real = criterion(disc_real, torch.ones_like(disc_real))
    disc_fake = disc(fake).view(-1)
    lossD_fake = criterion(disc_fake, torch.zeros_like(disc_fake))
    lossD = (lossD_real + lossD_fake) / 2
    disc.zero_grad()
    lossD.backward(retain_graph=True)
    opt_disc.step()
    # Train Generator: min log(1 - D(G(z))) <-> max log(D(G(z))
    output = disc(fake).view(-1)
    lossG = criterion(output, torch.ones_like(output))
    gen.zero_grad()
    lossG.backward()
    opt_gen.step()
    print(f"Epoch [{epoch}/2] Loss D: {lossD:.4f}, loss G: {lossG:.4f}")
