import torch

x = torch.tensor([0.0, 1.0], requires_grad=True)
y = x.sqrt() * 0
try:
    with torch.autograd.detect_anomaly(check_nan=True):
        y.sum().backward()
except RuntimeError as e:
    print("caught", e)
