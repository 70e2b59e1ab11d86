import torch

loss = torch.tensor(0.123456, requires_grad=True) * 2
print("loss: {:.3f}".format(loss.item()))
print("loss: %.3f after %d" % (loss.item(), 5))
print(f"loss: {loss.item():8.4f}|{loss.item():<10.2e}|{loss.item():>+9.1f}")
print("values", [1.5, 2], (3,), {"a": 1}, None, True)
print("a", "b", sep="-", end="!\n")
print(f"{loss}")
print(f"{'name':>8} {3:03d} {0.25:.0%}")
