"""Hold the modes of autograd to torch's own: with, as a decorator, called by hand, and one inside the other."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

HEAD = "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\n"
PROGRAMS = {
    "no_grad": "with torch.no_grad():\n    y = x * 2\nprint(y.requires_grad, (x * 2).requires_grad)",
    "enable_grad inside": "with torch.no_grad():\n    with torch.enable_grad():\n        y = x * 2\n    z = x * 3\n"
    "print(y.requires_grad, z.requires_grad)",
    "set_grad_enabled": "for on in (True, False):\n    with torch.set_grad_enabled(on):\n        print((x * 2).requires_grad)\n"
    "print((x * 2).requires_grad)",
    "set by hand": "torch.set_grad_enabled(False)\ny = x * 2\ntorch.set_grad_enabled(True)\n"
    "print(y.requires_grad, (x * 2).requires_grad)",
    "inference_mode": "with torch.inference_mode():\n    y = x * 2\nprint(y.requires_grad, torch.is_grad_enabled())",
    "inference_mode that is off": "with torch.inference_mode(False):\n    y = x * 2\nprint(y.requires_grad)",
    "a decorator": "@torch.no_grad()\ndef f(t):\n    return t * 2\n@torch.no_grad\ndef g(t):\n    return t * 3\n"
    "@torch.set_grad_enabled(False)\ndef h(t):\n    return t * 4\n"
    "print(f(x).requires_grad, g(x), h(x).requires_grad, (x * 2).requires_grad)",
    "a decorator inside": "@torch.enable_grad()\ndef f(t):\n    return t * 2\nwith torch.no_grad():\n"
    "    print(f(x).requires_grad, (x * 2).requires_grad)",
    "autograd's own names": "with torch.autograd.no_grad():\n    print((x * 2).requires_grad)\n"
    "with torch.autograd.set_grad_enabled(False):\n    print((x * 2).requires_grad)\n"
    "with torch.autograd.enable_grad():\n    print((x * 2).requires_grad)",
    "left by an error": "try:\n    with torch.no_grad():\n        raise ValueError('out')\nexcept ValueError as e:\n"
    "    print(e)\nprint((x * 2).requires_grad)",
    "left by a return": "def f():\n    with torch.no_grad():\n        return x * 2\nprint(f().requires_grad, (x * 2).requires_grad)",
    "an update of a leaf": "(x * x).sum().backward()\nwith torch.no_grad():\n    x -= 0.1 * x.grad\nprint(x)",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_mode_records_what_torchs_own_records(program: str) -> None:
    assert_agrees(HEAD + program)


@pytest.mark.parametrize("mode", ["torch.autograd.detect_anomaly()", "torch.autograd.set_detect_anomaly(True)"])
def test_the_nan_that_anomaly_mode_finds_ends_the_program_in_torchs_words(mode: str) -> None:
    run = assert_agrees(
        f"import torch\nx = torch.tensor([0.0], requires_grad=True)\nwith {mode}:\n    (x.sqrt() * 0).sum().backward()"
    )
    assert run.error is not None
    assert "SqrtBackward0" in run.error.message
