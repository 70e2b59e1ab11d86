import torch

class LegendrePolynomial3(torch.autograd.Function):
    """P3(x) = (5x^3 - 3x) / 2"""

    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return 0.5 * (5 * input ** 3 - 3 * input)

    @staticmethod
    def backward(ctx, grad_output):
        input, = ctx.saved_tensors
        return grad_output * 1.5 * (5 * input ** 2 - 1)

P3 = LegendrePolynomial3.apply
x = torch.linspace(-1.0, 1.0, 5)
y = torch.sin(x)
a = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(-1.0, requires_grad=True)
c = torch.tensor(0.3, requires_grad=True)
for t in range(3):
    y_pred = a + b * P3(c * x)
    loss = (y_pred - y).pow(2).sum()
    loss.backward()
    print(t, f"{loss.item():.4f}")
    with torch.no_grad():
        for p in (a, b, c):
            p -= 0.05 * p.grad
            p.grad = None
print(f"{a.item():.4f} {b.item():.4f} {c.item():.4f}")
