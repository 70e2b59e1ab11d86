"""Hold try, except, raise and assert to Python: which handler runs, and every word that it prints."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

PROGRAMS = {
    "many errors": r"""
import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
try:
    y.backward()
except RuntimeError as e:
    print("caught:", e)
try:
    y.sum().backward()
    x += 1
except (ValueError, RuntimeError) as err:
    print(f"{err}")
else:
    print("no")
finally:
    print("finally")
try:
    1 / 0
except ZeroDivisionError as e:
    print(e, repr(e))
try:
    assert x.sum() > 100, "too small"
except AssertionError as e:
    print(e)
try:
    [1, 2][5]
except Exception as e:
    print(e)
try:
    torch.ones(2, 3) @ torch.ones(2, 3)
except RuntimeError as e:
    print(e)
try:
    raise ValueError("mine")
except ValueError as e:
    print(e, e.args)
try:
    try:
        undefined_thing
    except NameError:
        raise
except NameError as e:
    print(e)
a: int = 3
print(f"{a=}, {x.grad=}")
if __name__ == "__main__":
    print("main")
raise RuntimeError("end")
""",
    "nothing catches": r"""
import math
try:
    1 / 0
except ValueError:
    print("no")
finally:
    print("finally")
""",
    "else and finally": r"""
import math
def f(x):
    try:
        if x == 0:
            raise KeyError("zero")
        return "tried"
    except KeyError as e:
        print(repr(e), e.args, isinstance(e, LookupError), type(e).__name__)
        return "caught"
    else:
        print("never, after return")
    finally:
        print("finally", x)
print(f(0), f(1))
for i in range(3):
    try:
        if i == 1:
            continue
        print(i)
    finally:
        print("end of", i)
""",
    "a name ends with its handler": r"""
import math
try:
    raise ValueError
except ValueError as e:
    print(str(e) == "")
print(e)
""",
    "raising in a handler": r"""
import math
try:
    try:
        [][1]
    except IndexError as e:
        raise RuntimeError(f"again: {e}")
except RuntimeError as e:
    print(e)
raise
""",
    "errors of functions": r"""
import math
def f(a, b=1):
    return a
for arguments in [(), (1, 2, 3)]:
    try:
        f(*arguments)
    except TypeError as e:
        print(e)
try:
    f(1, c=2)
except TypeError as e:
    print(e)
try:
    a, b = 1, 2, 3
except ValueError as e:
    print(e)
try:
    for x in 3:
        pass
except TypeError as e:
    print(e)
""",
    "an anomaly": r"""
import torch
x = torch.tensor([-1.0], requires_grad=True)
with torch.autograd.set_detect_anomaly(True):
    y = torch.sqrt(x) * 0
    try:
        y.sum().backward()
    except RuntimeError as e:
        print(e)
""",
}


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_errors_are_caught_and_printed_as_in_python(source: str) -> None:
    assert_agrees(source)


BEYOND = {
    "steps": "try:\n    while True:\n        pass\nexcept Exception:\n    print('caught')\nfinally:\n    print('ran')",
    "sizes": "import torch\ntry:\n    torch.ones(10**10)\nexcept:\n    print('caught')",
    "language": "import torch\ntry:\n    torch.load('x')\nexcept Exception:\n    print('caught')",
    "tries": "while True:\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        pass",
}


@pytest.mark.parametrize("source", BEYOND.values(), ids=BEYOND.keys())
def test_no_program_catches_a_limit(source: str) -> None:
    with pytest.raises(VizgraphError):
        ours(source)


def test_an_error_says_no_more_than_a_string_may() -> None:
    with pytest.raises(VizgraphError, match="a sequence of"):
        ours("raise Exception(*['a' * 4000] * 4000)")


def test_a_pass_that_torch_refused_is_no_pass() -> None:
    source = (
        "import torch\nx = torch.ones(2, requires_grad=True)\ntry:\n    (x * 2).backward()\n"
        "except RuntimeError:\n    (x * 2).sum().backward()"
    )
    assert len(ours(source).passes) == 1


def test_inference_mode_records_no_history() -> None:
    assert_agrees(
        "import torch\nw = torch.ones(2, requires_grad=True)\nwith torch.inference_mode():\n    y = w * 2\n"
        "    print(y, y.requires_grad)\nprint(torch.is_grad_enabled())\nw.sum().backward()\nprint(w.grad)"
    )
