import torch
import torch.nn.functional as F
from torch import nn


class Cell(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.gates = nn.Linear(inputs + hidden, 4 * hidden)

    def forward(self, x, h, c):
        gates = self.gates(torch.cat([x, h], dim=1))
        forget, write, read, new = gates.chunk(4, dim=1)
        c = torch.sigmoid(forget) * c + torch.sigmoid(write) * torch.tanh(new)
        h = torch.sigmoid(read) * torch.tanh(c)
        return h, c


class LSTM(nn.Module):
    def __init__(self, inputs=1, hidden=4):
        super().__init__()
        self.hidden = hidden
        self.cell = Cell(inputs, hidden)
        self.head = nn.Linear(hidden, 1)

    def forward(self, sequence):
        h = torch.zeros(1, self.hidden)
        c = torch.zeros(1, self.hidden)
        for x in sequence:
            h, c = self.cell(x.view(1, 1), h, c)
        return self.head(h)


torch.manual_seed(0)
model = LSTM()
wave = torch.sin(torch.linspace(0, 3, 7))

prediction = model(wave[:6])
loss = F.mse_loss(prediction, wave[6].view(1, 1))
loss.backward()
print(f"loss {loss.item():.4f}")
