import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)
teacher, student = nn.Linear(2, 3), nn.Linear(2, 3)
x = torch.tensor([[1.0, 2.0], [-1.0, 0.5]])
with torch.no_grad():
    soft = F.softmax(teacher(x) / 2.0, dim=-1)
loss = F.kl_div(F.log_softmax(student(x) / 2.0, dim=-1), soft, reduction="batchmean") * 4
loss.backward()
print(f"{loss.item():.5f}")
print(student.bias.grad, teacher.bias.grad)
