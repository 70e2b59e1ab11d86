import torch
import torch.nn.functional as F

x = torch.tensor([-1.5, -0.2, 0.4, 2.0], requires_grad=True)
functions = {"elu": F.elu, "gelu": F.gelu, "silu": F.silu, "softplus": F.softplus, "leaky": F.leaky_relu}
for name, f in functions.items():
    x.grad = None
    f(x).sum().backward()
    print(f"{name:>8s}", x.grad)
