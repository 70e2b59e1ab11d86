"""Hold the settings of a program to torch, and to its own run."""

from __future__ import annotations

import pytest
import torch

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError


def test_dtypes_and_printing_follow_the_settings() -> None:
    run = ours(
        "import torch\ntorch.set_default_dtype(torch.float64)\nx = torch.tensor([1.123456789])\n"
        "print(x.dtype, torch.get_default_dtype())\ntorch.set_printoptions(precision=2, sci_mode=True)\nprint(x)\n"
        "torch.set_printoptions(profile='full')\nprint(x)"
    )
    assert run.printed == ("torch.float64 torch.float64", "tensor([1.12e+00])", "tensor([1.1235])")


def test_settings_end_with_the_run() -> None:
    before = str(torch.tensor([1.23456]))
    ours("import torch\ntorch.set_default_dtype(torch.float64)\ntorch.set_printoptions(precision=1)")
    assert torch.get_default_dtype() is torch.float32
    assert str(torch.tensor([1.23456])) == before


def test_there_is_no_accelerator() -> None:
    assert_agrees(
        "import torch\ndevice = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\n"
        "print(device, torch.ones(1).to(device))"
    )
    # what torch itself says depends on whether it was built for one
    error = ours("import torch\ntorch.ones(1, device='cuda')").error
    assert error is not None
    assert error.span is not None
    assert [fix.replace for fix in error.fixes] == ["torch.ones(1, device='cpu')"]


@pytest.mark.parametrize("given", ["max", "torch.ones(1).max", "[1]", "{}"])
def test_what_is_no_text_is_no_device(given: str) -> None:
    with pytest.raises(VizgraphError, match="written as a text") as refused:
        ours(f"import torch\ntorch.set_default_device({given})")
    assert refused.value.span is not None
    assert refused.value.span.line == 2


def test_the_anomaly_mode_of_a_program_ends_with_it() -> None:
    ours("import torch\ntorch.autograd.set_detect_anomaly(True)")
    assert not torch.is_anomaly_enabled()
