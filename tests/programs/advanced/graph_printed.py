import torch


def print_graph(fn, depth=0):
    if fn is None:
        return
    print("  " * depth + str(fn.name()))
    for next_fn, _ in fn.next_functions:
        print_graph(next_fn, depth + 1)


a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0, requires_grad=True)
c = a * b + torch.sin(a) / 2
d = c.exp().detach() + c
print(d.grad_fn)
print_graph(d.grad_fn)
queue, seen = [d.grad_fn], []
while queue:
    fn = queue.pop(0)
    if fn is None or fn in seen:
        continue
    seen.append(fn)
    queue.extend(next_fn for next_fn, _ in fn.next_functions)
print(len(seen), [type(f).__name__ for f in seen])
print(seen[-1].variable is a or seen[-1].variable is b)
