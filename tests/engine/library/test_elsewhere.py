"""Ask for what is outside of the language: it is named, with its place and what to write instead."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import ours
from vizgraph.engine.library.elsewhere import hint_for
from vizgraph.errors import VizgraphError

OUTSIDE = {
    "import torch\nimport torchvision": ("import of torchvision", 2, 8, "torch.randn"),
    "import torch\nfrom torchvision.models import resnet18": (
        "import of torchvision.models.resnet18",
        2,
        32,
        "torch.r",
    ),
    "import torch\nimport os": ("import of os", 2, 8, "no files"),
    "import torch\nimport pandas as pd": ("import of pandas", 2, 8, "torch.tensor"),
    "import tensorflow as tf": ("import of tensorflow", 1, 8, "only PyTorch"),
    "x = tf.constant(3.0)": ("tf.constant is not in the language", 1, 5, "only PyTorch"),
    "import torch\ntorch.save({}, 'a')": ("torch.save", 2, 1, "copy.deepcopy"),
    "import torch\nwith torch.autograd.profiler.profile() as p:\n    pass": (
        "torch.autograd.profiler",
        2,
        6,
        "leave it",
    ),
    "import torch\nfrom torch.utils.tensorboard import SummaryWriter": ("torch.utils.tensorboard", 2, 37, "leave it"),
    "import torch\nm = torch.jit.script(torch.nn.ReLU())": ("torch.jit", 2, 5, "as it is written"),
    "import torch\nx = torch.fft.fft(torch.ones(3))": ("torch.fft", 2, 5, "dense tensors of real numbers"),
    "from d2l import torch as d2l\nd2l.train_ch3(1)": ("d2l.train_ch3", 2, 1, "paste the code"),
    "from d2l import torch as d2l\nd2l.os.system('ls')": ("d2l.os", 2, 1, "paste the code"),
}


@pytest.mark.parametrize(("source", "said"), OUTSIDE.items(), ids=OUTSIDE.keys())
def test_what_is_outside_is_named_with_what_to_write_instead(source: str, said: tuple[str, int, int, str]) -> None:
    what, line, column, instead = said
    with pytest.raises(VizgraphError) as caught:
        ours(source)
    assert what in caught.value.message
    assert caught.value.span is not None
    assert (caught.value.span.line, caught.value.span.column) == (line, column)
    assert instead in (caught.value.hint or "")


def test_a_name_of_the_language_has_no_such_hint() -> None:
    assert hint_for("torch.sin") is None


DRAWN = {
    "d2l": "from d2l import torch as d2l\nd2l.set_figsize()\nd2l.plt.plot([1], [2])\nd2l.plot([1], [2], 'x', legend=['a'])",
    "matplotlib": "import matplotlib.ticker as ticker\nfrom mpl_toolkits import mplot3d\nimport matplotlib.pyplot as plt",
    "torchviz": "from torchviz import make_dot\nmake_dot(1, params={})",
}


@pytest.mark.parametrize(("name", "source"), DRAWN.items(), ids=DRAWN.keys())
def test_what_only_draws_is_left_out_with_one_note(name: str, source: str) -> None:
    run = ours(f"import torch\n{source}\nprint(3)")
    assert run.printed == ("3",)
    assert [note for note in run.warnings if note.startswith(f"What {name} would draw is left out")]
    assert len(run.warnings) == len(set(run.warnings))
