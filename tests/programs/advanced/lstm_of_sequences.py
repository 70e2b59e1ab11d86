import torch
import torch.nn as nn

torch.manual_seed(0)


class SeqModel(nn.Module):
    def __init__(self, input_size=1, hidden_size=5, num_layers=1):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size)
        c0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size)
        out, (hn, cn) = self.lstm(x, (h0, c0))
        out = self.fc(out[:, -1, :])
        return out


data = torch.sin(torch.linspace(0, 6.28, 21))
X = torch.stack([data[i:i+5] for i in range(15)]).unsqueeze(-1)
y = torch.stack([data[i+5] for i in range(15)]).unsqueeze(-1)
model = SeqModel()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(30):
    model.train()
    optimizer.zero_grad()
    pred = model(X)
    loss = criterion(pred, y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()
    if (epoch + 1) % 10 == 0:
        print(f"Epoch {epoch+1:3d}/30 | loss {loss.item():.5f}")
model.eval()
with torch.no_grad():
    print(model(X[:2]))
print(model)
print(sum(p.numel() for p in model.parameters() if p.requires_grad))
