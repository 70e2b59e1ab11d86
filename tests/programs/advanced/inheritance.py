import torch
from torch import nn


class Base(nn.Module):
    def __init__(self, width, **kwargs):
        super().__init__()
        self.width = width
        self.options = kwargs
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return self.scale * x

    def describe(self):
        return f"{self.__class__.__name__}(width={self.width})"

    @property
    def n_params(self):
        return sum(p.numel() for p in self.parameters())

    @classmethod
    def small(cls, *args, **kwargs):
        return cls(2, *args, **kwargs)

    @staticmethod
    def activation(x):
        return torch.relu(x)


class Wide(Base):
    def __init__(self, width, bias=True, **kwargs):
        super().__init__(width, **kwargs)
        self.linear = nn.Linear(width, width, bias=bias)

    def forward(self, x):
        x = super().forward(x)
        return self.activation(self.linear(x))

    def describe(self):
        return "wide " + super().describe()


class Wider(Wide):
    def forward(self, x):
        return 2 * super().forward(x)


torch.manual_seed(0)
for model in (Base(3), Wide(3, bias=False, note="hi"), Wider.small()):
    x = torch.ones(model.width)
    out = model(x).sum()
    out.backward()
    print(model.describe(), model.n_params, model.options, out.item(), isinstance(model, Base), isinstance(model, Wide))
    print([n for n, _ in model.named_parameters()], model.scale.grad)
