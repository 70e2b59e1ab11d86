# A tiny autograd of our own, beside the real one
import torch


class Scalar:
    """A number that remembers what it was made of."""

    count = 0

    def __init__(self, value, inputs=(), name=""):
        self.value = value
        self.slope = 0.0
        self.name = name
        self._inputs = inputs
        self._push = lambda: None
        Scalar.count += 1

    def __add__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        out = Scalar(self.value + other.value, (self, other))

        def push():
            self.slope += out.slope
            other.slope += out.slope

        out._push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        out = Scalar(self.value * other.value, (self, other))

        def push():
            self.slope += other.value * out.slope
            other.slope += self.value * out.slope

        out._push = push
        return out

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __pow__(self, exponent):
        assert isinstance(exponent, (int, float)), "only numbers as exponents"
        out = Scalar(self.value ** exponent, (self,))

        def push():
            self.slope += exponent * self.value ** (exponent - 1) * out.slope

        out._push = push
        return out

    def __truediv__(self, other):
        return self * other ** -1

    def __lt__(self, other):
        return self.value < other.value

    def __repr__(self):
        return f"Scalar({self.name or '?'}={self.value:.3f}, slope={self.slope:.3f})"

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node in seen:
                return
            seen.add(node)
            for inner in node._inputs:
                visit(inner)
            order.append(node)

        visit(self)
        self.slope = 1.0
        for node in reversed(order):
            node._push()


def formula(a, b):
    c = a * b + 2 * a
    return (c - b) ** 2 / (a + 3)


a, b = Scalar(1.5, name="a"), Scalar(-2.0, name="b")
result = formula(a, b)
result.backward()
print(result, [a, b], min(a, b).name)

at = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
bt = torch.tensor(-2.0, dtype=torch.float64, requires_grad=True)
formula(at, bt).backward()
print(abs(at.grad.item() - a.slope) < 1e-9, abs(bt.grad.item() - b.slope) < 1e-9)
print(Scalar.count > 5, at.grad, bt.grad)
