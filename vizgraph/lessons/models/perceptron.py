import torch
import torch.nn.functional as F
from torch import nn


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 3)
        self.output = nn.Linear(3, 1)

    def forward(self, x):
        return self.output(torch.tanh(self.hidden(x)))


torch.manual_seed(0)
model = Perceptron()
x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
target = torch.tensor([[0.0], [1.0], [1.0], [0.0]])  # exclusive or

loss = F.binary_cross_entropy_with_logits(model(x), target)
loss.backward()
print(f"loss {loss.item():.4f}")
