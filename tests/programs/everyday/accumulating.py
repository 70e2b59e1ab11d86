import torch

w = torch.tensor(2.0, requires_grad=True)
for i in range(3):
    loss = (w * 3 - 1) ** 2
    loss.backward()
    print(i, w.grad)

w.grad.zero_()
loss = (w * 3 - 1) ** 2
loss.backward()
print("after zero_:", w.grad)
