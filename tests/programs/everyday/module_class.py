import torch
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 3)
        self.fc2 = nn.Linear(3, 1)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        return self.fc2(x)

torch.manual_seed(3)
net = Net()
print(net)
out = net(torch.tensor([[1.0, -1.0]]))
print(out)
net.zero_grad()
out.backward()
print(net.fc1.bias.grad)
print(net.fc2.weight.grad)
