import torch

names = ["c", "a", "b"]
leaves = [torch.tensor(float(len(names) - i), requires_grad=True) for i in range(3)]
product = leaves[0]
for leaf in leaves[1:]:
    product = product * leaf
product.backward()
table = {name: leaf.grad.item() for name, leaf in zip(names, leaves)}
for name in sorted(table, key=lambda n: table[n], reverse=True):
    print(name, table[name])
print(sorted(names), list(reversed(names)), any(g > 5 for g in table.values()), all(table))
