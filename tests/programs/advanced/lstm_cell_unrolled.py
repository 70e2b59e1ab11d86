import torch
from torch import nn

torch.manual_seed(0)
lstm = nn.LSTMCell(input_size=1, hidden_size=2)
hx = torch.zeros(1, 2)
cx = torch.zeros(1, 2)
outputs = []
for value in [0.1, 0.2, 0.3]:
    hx, cx = lstm(torch.tensor([[value]]), (hx, cx))
    outputs.append(hx)
out = torch.cat(outputs)
print(out)
out.sum().backward()
print(lstm.weight_ih.grad.squeeze())
