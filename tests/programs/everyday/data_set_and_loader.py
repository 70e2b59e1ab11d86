import torch
from torch.utils.data import Dataset, DataLoader, TensorDataset
import torch.nn as nn


class LineDataset(Dataset):
    def __init__(self, n=12, transform=None):
        self.x = torch.linspace(-1, 1, n).unsqueeze(1)
        self.y = 2 * self.x + 1
        self.transform = transform

    def __len__(self):
        return len(self.x)

    def __getitem__(self, idx):
        sample = self.x[idx], self.y[idx]
        if self.transform:
            sample = self.transform(sample)
        return sample


class ToDouble:
    def __call__(self, sample):
        x, y = sample
        return x * 2, y


torch.manual_seed(0)
dataset = LineDataset(transform=ToDouble())
print(len(dataset), dataset[0])
loader = DataLoader(dataset=dataset, batch_size=4, shuffle=True, num_workers=0)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(3):
    running_loss = 0.0
    for i, (inputs, labels) in enumerate(loader):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(inputs), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * inputs.size(0)
    print(f"epoch {epoch + 1}/{3}, steps {len(loader)}, loss {running_loss / len(dataset):.4f}")
