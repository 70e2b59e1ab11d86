import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
for action in ["vector", "shape", "matmul"]:
    try:
        if action == "vector":
            (x * 2).backward()
        elif action == "shape":
            (x * 2).backward(torch.ones(3))
        else:
            torch.ones(2, 3) @ torch.ones(2, 3)
    except RuntimeError as e:
        print(action, "->", e)
    else:
        print(action, "went well")
    finally:
        print("next")
print(x.grad)
