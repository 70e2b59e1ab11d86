import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class LeNet(nn.Module):
    def __init__(self, num_classes: int = 3):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 2, kernel_size=3, padding=1, bias=False), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(2, 3, kernel_size=3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(p=0.25), nn.Linear(3, num_classes))

    def forward(self, x):
        return self.classifier(self.features(x))


device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
model = LeNet().to(device)
x = torch.randn(4, 1, 8, 8, device=device)
y = torch.randint(0, 3, (4,)).to(device)
opt = torch.optim.AdamW(model.parameters(), lr=1e-2)
for epoch in range(3):
    model.train()
    logits = model(x)
    loss = F.cross_entropy(logits, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    model.eval()
    with torch.no_grad():
        acc = (model(x).argmax(1) == y).float().mean().item()
    print(f"{epoch}: loss={loss.item():.4f} acc={acc:.2f}")
print(sum(p.numel() for p in model.parameters()), model.features[1].running_mean.shape)
