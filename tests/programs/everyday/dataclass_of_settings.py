from dataclasses import dataclass, field
from typing import List
import torch


@dataclass
class Config:
    lr: float = 0.1
    steps: int = 3
    sizes: List[int] = field(default_factory=lambda: [1, 2])

    def total(self) -> int:
        return self.steps * len(self.sizes)


cfg = Config(lr=0.5)
print(cfg, cfg.total())
w = torch.tensor(1.0, requires_grad=True)
for _ in range(cfg.steps):
    (w ** 2).backward()
    with torch.no_grad():
        w -= cfg.lr * w.grad
    w.grad = None
print(w)
