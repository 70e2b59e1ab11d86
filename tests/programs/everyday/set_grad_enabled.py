import torch

x = torch.tensor(1.5, requires_grad=True)
for training in [True, False]:
    with torch.set_grad_enabled(training):
        y = x * 4
    print(training, y.requires_grad)
print(torch.is_grad_enabled())
