import torch
import torch.nn as nn
from typing import List, Optional, Tuple


def train(model: nn.Module, data: List[Tuple[float, float]], epochs: int = 5, lr: Optional[float] = None) -> float:
    """Train and return the last loss."""
    lr = lr or 0.1
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    last = 0.0
    for _ in range(epochs):
        total = torch.zeros(())
        for x, y in data:
            pred = model(torch.tensor([[x]]))
            total = total + (pred - y).pow(2).squeeze()
        opt.zero_grad()
        total.backward()
        opt.step()
        last = total.item()
    return last


def main() -> None:
    torch.manual_seed(0)
    model = nn.Linear(1, 1)
    loss: float = train(model, [(0.0, 1.0), (0.5, 2.0), (1.0, 3.0)])
    print(f"final loss: {loss:.6f}")
    for name, param in model.named_parameters():
        print(name, param.data)


if __name__ == "__main__":
    main()
