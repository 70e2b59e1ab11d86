import torch

x = torch.tensor([1.0, 2.0, 3.0])
w = torch.tensor(0.0, requires_grad=True)
history = {"loss": [], "w": []}
for step in range(4):
    loss = ((w * x - 2 * x) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad.zero_()
    history["loss"].append(round(loss.item(), 4))
    history["w"].append(round(w.item(), 4))
for key, values in history.items():
    print(key, values)
print(min(history["loss"]), len(history["w"]), max(history["w"]))
