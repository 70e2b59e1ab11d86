import torch
import torch.nn as nn

class XOR(nn.Module):
    def __init__(self, hidden=4):
        super(XOR, self).__init__()
        self.hidden = nn.Linear(2, hidden)
        self.output = nn.Linear(hidden, 1)
        self.act = nn.Sigmoid()

    def forward(self, x):
        h = torch.tanh(self.hidden(x))
        return self.act(self.output(h))

torch.manual_seed(0)
X = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32)
Y = torch.tensor([[0], [1], [1], [0]], dtype=torch.float32)
model = XOR()
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
losses = []
for epoch in range(10):
    optimizer.zero_grad()
    loss = criterion(model(X), Y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(["%.4f" % l for l in losses[::3]])
print(losses[-1] < losses[0])
