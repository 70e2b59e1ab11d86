import torch
import torch.nn as nn
import torch.nn.functional as F

class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(2 * 2 * 2, 3)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        x = torch.flatten(x, 1)
        return self.head(x)

torch.manual_seed(0)
net = Small()
images = torch.randn(2, 1, 4, 4)
labels = torch.tensor([0, 2])
logits = net(images)
loss = F.cross_entropy(logits, labels)
loss.backward()
print(logits.shape, f"{loss.item():.4f}")
print(net.conv.bias.grad)
print(net.head.weight.grad.shape)
