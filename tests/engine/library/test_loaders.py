"""Hold loaders to torch's own: the same batches in the same order, also when they are shuffled."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = (
    "import torch\nfrom torch.utils.data import DataLoader, Dataset, TensorDataset\nX = torch.arange(10.0).view(5, 2)\n"
    "y = torch.arange(5)\n"
)
PROGRAMS = [
    "for a, b in DataLoader(TensorDataset(X, y), batch_size=2):\n    print(a, b)",
    "torch.manual_seed(1)\nl = DataLoader(TensorDataset(X, y), 2, shuffle=True, drop_last=True)\nprint(len(l))\n"
    "for epoch in range(2):\n    print([b.tolist() for _, b in l])\nprint(torch.rand(1))",
    "class D(Dataset):\n    def __len__(self):\n        return 3\n    def __getitem__(self, i):\n        return X[i], i * 2\n"
    "d = D()\nprint(len(d), d[1])\nfor a, b in DataLoader(d, batch_size=2):\n    print(a, b)",
    "print(next(iter(DataLoader([1.0, 2.0, 3.0], batch_size=3))))",
    "d = TensorDataset(X, y)\nprint(len(d), d[1])",
    "TensorDataset(X, torch.ones(3))",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_loader_hands_out_what_torchs_own_does(program: str) -> None:
    assert_agrees(HEAD + program)


@pytest.mark.parametrize(
    "made", ["DataLoader(range(10**9))", "DataLoader([1], collate_fn=print)", "DataLoader(X).dataset"]
)
def test_what_is_too_large_or_outside_is_refused(made: str) -> None:
    with pytest.raises(VizgraphError):
        ours(HEAD + made)
