import torch
import torch.nn.functional as F
from torch import nn


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(4, 8, kernel_size=3, padding=1)
        self.head = nn.Linear(8 * 2 * 2, 3)

    def forward(self, images):
        x = F.max_pool2d(F.relu(self.conv1(images)), 2)  # 8×8 -> 4×4
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # 4×4 -> 2×2
        return self.head(x.flatten(start_dim=1))


torch.manual_seed(0)
model = CNN()
images = torch.randn(2, 1, 8, 8)
labels = torch.tensor([0, 2])

loss = F.cross_entropy(model(images), labels)
loss.backward()
print(f"loss {loss.item():.4f}")
