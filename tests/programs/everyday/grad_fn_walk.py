import torch

x = torch.tensor(1.0, requires_grad=True)
y = torch.tensor(2.0, requires_grad=True)
z = (x * y + y).exp()
print(z.grad_fn.name())
print(z.grad_fn.next_functions[0][0].name())
node = z.grad_fn
while node.next_functions:
    print(type(node).__name__, len(node.next_functions))
    node = node.next_functions[0][0]
print(type(node).__name__)
print(node.variable is x)
