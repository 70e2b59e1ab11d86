import torch

a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0)
c = a * b + a
print(c.grad_fn.next_functions[0][0].name(), c.grad_fn.next_functions[1][0].name())
print(c.grad_fn.next_functions[0][0].next_functions[1])
for fn, number in c.grad_fn.next_functions:
    print(fn.name(), number)
