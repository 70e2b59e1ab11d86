# The slopes of a parabola's error are written by hand: a long loop of plain tensors, and no gradient at all.
import torch

x = torch.linspace(-1.0, 1.0, 50)
y = 2.0 + 3.0 * x - x**2
a, b, c = torch.zeros(()), torch.zeros(()), torch.zeros(())
rate = 4e-3
for turn in range(700):
    guess = a + b * x + c * x**2
    miss = guess - y
    if turn % 200 == 0:
        print(turn, miss.pow(2).sum().item())
    slope = 2 * miss
    a -= rate * slope.sum()
    b -= rate * (slope * x).sum()
    c -= rate * (slope * x**2).sum()
print(f"{a:.3f} + {b:.3f} x + {c:.3f} x^2")
w = torch.tensor(1.0, requires_grad=True)
fit = ((w * guess - y) ** 2).mean()
fit.backward()
print(w.grad)
