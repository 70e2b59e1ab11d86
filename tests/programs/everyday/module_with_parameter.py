import torch
from torch import nn

class Line(nn.Module):
    def __init__(self, slope=1.0, offset=0.0):
        super(Line, self).__init__()
        self.slope = nn.Parameter(torch.tensor(slope))
        self.offset = nn.Parameter(torch.tensor(offset))

    def forward(self, x):
        return self.slope * x + self.offset

line = Line(slope=0.5)
x = torch.tensor([0.0, 1.0, 2.0])
y = torch.tensor([1.0, 3.0, 5.0])
for step in range(4):
    loss = ((line(x) - y) ** 2).mean()
    line.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in line.parameters():
            p -= 0.1 * p.grad
    print(f"{step}: {loss.item():.4f}")
print(line.slope.item(), line.offset.item())
