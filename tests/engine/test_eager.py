"""A process that only evaluates runs optimizers and torch.func without torch's compiler, and can still get it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import torch
from vizgraph.engine.eager import stay_eager

stay_eager()
w = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.1)
(w * w).sum().backward()
optimizer.step()
optimizer.zero_grad()
print([round(entry, 4) for entry in w.tolist()], w.grad)
print(torch.func.grad(lambda t: (t * t).sum())(torch.tensor([1.0, 2.0])).tolist())
print("torch._dynamo.eval_frame" in sys.modules)
"""
ASKED = PROGRAM + 'print(torch._dynamo.is_compiling(), "torch._dynamo.eval_frame" in sys.modules)\n'


def lines(program: str) -> list[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    ).stdout.splitlines()


def test_optimizers_and_torch_func_run_without_the_compiler() -> None:
    # One step of Adam moves each entry by the learning rate against the sign of its gradient.
    assert lines(PROGRAM) == ["[0.9, 1.9] None", "[2.0, 4.0]", "False"]


def test_who_asks_for_the_compiler_gets_the_real_one() -> None:
    assert lines(ASKED)[-1] == "False True"
