import torch


def factorial(n):
    return 1 if n <= 1 else n * factorial(n - 1)


print(factorial(15))


def power(x, n):
    if n == 0:
        return torch.ones_like(x)
    return x * power(x, n - 1)


x = torch.tensor(1.1, requires_grad=True)
y = power(x, 50)
y.backward()
print(y, x.grad, 50 * x.detach() ** 49)


def fib(n, memo={}):
    if n in memo:
        return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]


print(fib(40))
