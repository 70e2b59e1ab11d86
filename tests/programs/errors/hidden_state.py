import torch
import torch.nn as nn

torch.manual_seed(0)
rnn = nn.RNN(input_size=2, hidden_size=3, batch_first=True)
fc = nn.Linear(3, 1)
optimizer = torch.optim.SGD(list(rnn.parameters()) + list(fc.parameters()), lr=0.1)
hidden = torch.zeros(1, 1, 3)
for t in range(3):
    x = torch.randn(1, 4, 2)
    out, hidden = rnn(x, hidden)  # forgot hidden = hidden.detach()
    loss = fc(out[:, -1]).pow(2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(t, loss.item())
