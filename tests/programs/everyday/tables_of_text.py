import torch

torch.manual_seed(0)
layers = {"conv": torch.rand(2, 3), "fc": torch.rand(4), "bias": torch.zeros(1)}
print("{:<8}{:>10}{:>10}".format("layer", "mean", "numel"))
print("=" * 28)
for name, t in layers.items():
    print("{:<8}{:>10.4f}{:>10d}".format(name, t.mean().item(), t.numel()))
print("%s has %d params, %5.2f%%" % ("fc", 4, 36.3636))
width = 12
print(f"{'right':>{width}}|{'left':<{width}}|{'mid':^{width}}|")
print(f"{3.14159:.{2}f} {1e-5:e} {1234567:,} {0.256:.1%} {255:#x} {5:03d} {-3:+d}")
print(", ".join(str(i) for i in range(4)), "a-b-c".split("-"), "  pad ".strip().upper(), "x".join(["1", "2"]))
print(f"{layers['bias']!r} {torch.tensor(2.5):.2f} {[round(v, 2) for v in layers['fc'].tolist()]}")
print("Tensor: " + str(layers["bias"]), end="\n\n")
print("abc".replace("b", "B"), "Hello".lower().startswith("he"), len("hello"), "loss" in "the loss", "z".zfill(3))
