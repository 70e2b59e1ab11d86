import torch

x = torch.ones(2, requires_grad=True)


def attempt(f):
    try:
        f()
    except RuntimeError as e:
        print("RuntimeError:", str(e).split(".")[0])
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
    else:
        print("fine")
    finally:
        print("done")


attempt(lambda: (x * 2).backward())
attempt(lambda: (x * 2).sum().backward())
attempt(lambda: torch.ones(2) @ torch.ones(3))
attempt(lambda: int("abc"))


class ShapeError(ValueError):
    pass


def check(t, n):
    if t.shape[0] != n:
        raise ShapeError(f"expected {n} rows, got {t.shape[0]}")
    return t


try:
    check(x, 3)
except ShapeError as err:
    print("caught", err)
try:
    raise KeyError("missing")
except Exception as e:
    print(repr(e))
