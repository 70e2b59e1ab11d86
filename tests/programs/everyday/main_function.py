import torch


def main() -> None:
    x: torch.Tensor = torch.tensor(2.0, requires_grad=True)
    y = x.pow(3) + x.log()
    y.backward()
    print(f"{x.grad.item():.3f}")


if __name__ == "__main__":
    main()
