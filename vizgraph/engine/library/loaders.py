"""Give torch.utils.data: data sets, and loaders that hand them out in batches, shuffled as torch shuffles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from vizgraph import limits
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.evaluation.values import Ignored, Special, Thing
from vizgraph.engine.library import operating

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


class Items:
    """A data set as torch sees it: the items of a list, or of an object of the program."""

    def __init__(self, i: Interpreter, node: ast.AST, given: Any) -> None:
        self._interpreter, self._node, self._given = i, node, given

    def __len__(self) -> int:
        if isinstance(self._given, Thing):
            return int(operating.length(self._interpreter, self._given, self._node))
        return len(self._given)

    def __getitem__(self, place: int) -> Any:
        i = self._interpreter
        i.step(self._node)
        if isinstance(self._given, Thing):
            lacks = "is not subscriptable"
            return operating.call_method(i, self._given, "__getitem__", [place], self._node, lacks)
        return self._given[place]


class Loader:
    """A loader of the program: each ``for`` over it begins anew."""

    def __init__(self, real: DataLoader[Any]) -> None:
        self.real = real

    def __len__(self) -> int:
        return len(self.real)


def _tensors(i: Interpreter, node: ast.AST, *tensors: Any) -> TensorDataset:
    if not tensors or not all(isinstance(tensor, Tensor) for tensor in tensors):
        raise i.failure(node, "TensorDataset takes tensors", "write TensorDataset(X, y)")
    if any(tensor.dim() == 0 or tensor.shape[0] != tensors[0].shape[0] for tensor in tensors):
        raise i.failure(node, "Size mismatch between tensors", "give as many rows in each", AssertionError)
    return TensorDataset(*tensors)


def _loader(
    i: Interpreter,
    node: ast.AST,
    dataset: Any,
    batch_size: int | None = 1,
    shuffle: bool | None = None,
    *,
    drop_last: bool = False,
    collate_fn: Any = None,
    num_workers: int = 0,
    pin_memory: bool = False,
    generator: Any = None,
) -> Loader:
    """Workers are processes, and pinned memory belongs to other devices: a loader here works by itself."""
    if collate_fn is not None or generator is not None:
        raise i.refuse(node, "this option of DataLoader is not in the language", "leave it out")
    if not isinstance(dataset, (TensorDataset, list, tuple, Tensor, range, Thing)):
        raise i.failure(node, "DataLoader takes a data set", "write DataLoader(TensorDataset(X, y), batch_size=2)")
    items: Any = dataset if isinstance(dataset, TensorDataset) else Items(i, node, dataset)
    if len(items) > limits.SEQUENCE_ITEMS or (isinstance(batch_size, int) and batch_size > limits.SEQUENCE_ITEMS):
        raise TooLarge(f"a loader of more than {limits.SEQUENCE_ITEMS:,} items")
    return Loader(DataLoader(items, batch_size, bool(shuffle), drop_last=bool(drop_last), num_workers=0))


def iterate(i: Interpreter, loader: Loader, node: ast.AST) -> Iterator[Any]:
    """Yield the batches; their tensors were made by nobody in the program."""
    with i.explaining(node):
        batches = iter(loader.real)
    while True:
        i.step(node)
        try:
            with i.explaining(node):
                batch = next(batches, None)
        except StopIteration:
            return
        if batch is None:
            return
        yield batch


DATA: Final[dict[str, Any]] = {
    "Dataset":       Ignored(),
    "TensorDataset": Special("TensorDataset", _tensors),
    "DataLoader":    Special("DataLoader", _loader),
}  # fmt: skip
