"""Let a program choose how torch prints and which dtype it prefers, and put everything back after it."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch

from vizgraph.engine.evaluation.values import Special

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

_OPTIONS: Final[Any] = vars(torch._tensor_str)["PRINT_OPTS"]
_FLOATING: Final = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
MOST_DIGITS: Final = 20
MOST_COLUMNS: Final = 500


class Kept:
    """Leave the caller's settings as they were."""

    def __enter__(self) -> None:
        self._dtype, self._options = torch.get_default_dtype(), copy.copy(vars(_OPTIONS))
        self._anomalies = torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()

    def __exit__(self, *_: object) -> None:
        torch.set_default_dtype(self._dtype)
        vars(_OPTIONS).update(self._options)
        torch.set_anomaly_enabled(*self._anomalies)


def _set_default_dtype(i: Interpreter, node: ast.AST, dtype: Any) -> None:
    if dtype not in _FLOATING:
        raise i.failure(node, "only floating-point types are supported as the default type")
    torch.set_default_dtype(dtype)


def _set_printoptions(
    i: Interpreter,
    node: ast.AST,
    precision: int | None = None,
    threshold: int | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    for number, most in ((precision, MOST_DIGITS), (edgeitems, MOST_COLUMNS), (linewidth, MOST_COLUMNS)):
        if number is not None and not (isinstance(number, int) and 0 <= number <= most):
            raise i.refuse(node, "this option of printing is not in the language", "use precision=2")
    if profile not in (None, "default", "short", "full") or not isinstance(threshold, (int, float, type(None))):
        raise i.refuse(node, "this option of printing is not in the language", "use precision=2")
    torch.set_printoptions(  # type: ignore[no-untyped-call]
        precision=precision, threshold=threshold, edgeitems=edgeitems, linewidth=linewidth, profile=profile,
        sci_mode=None if sci_mode is None else bool(sci_mode),
    )  # fmt: skip


def _device(i: Interpreter, node: ast.AST, name: Any = "cpu") -> torch.device:
    if str(name) not in ("cpu", "cpu:0"):
        raise no_device(i, node, name)
    return torch.device("cpu")


def no_device(i: Interpreter, node: ast.AST, name: Any) -> Exception:
    """Return what a torch without accelerators says about them."""
    if not isinstance(name, str | int | torch.device):
        return i.refuse(node, "a device is written as a text", "leave device out: it is 'cpu'")
    name = str(name)
    if name.startswith("cuda"):
        said = "Torch not compiled with CUDA enabled"
        return i.failure(node, said, "leave .to(...) and device out: it is cpu", AssertionError)
    return i.refuse(node, f"the device {name[:20]} is not here", "leave device out: it is cpu")


def _never(i: Interpreter, node: ast.AST) -> bool:
    return False


def _nothing(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> None:
    """What chooses how fast or on how many threads changes no number here."""


def _no_cuda(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> Any:
    raise no_device(i, node, "cuda")


def _set_default_tensor_type(i: Interpreter, node: ast.AST, kind: Any) -> None:
    name = str(getattr(kind, "name", kind)).removeprefix("torch.")
    if name not in OF_DEFAULT:
        raise i.refuse(
            node, "this type of tensors is not in the language", "write torch.set_default_dtype(torch.float64)"
        )
    torch.set_default_dtype(OF_DEFAULT[name])


OF_DEFAULT: Final = {"FloatTensor": torch.float32, "DoubleTensor": torch.float64, "HalfTensor": torch.float16}
SETTINGS: Final[dict[str, Callable[..., Any]]] = {
    "set_default_dtype": _set_default_dtype,
    "set_default_tensor_type": _set_default_tensor_type,
    "set_default_device": lambda i, node, name: None if name is None else _device(i, node, name) and None,
    "set_printoptions":  _set_printoptions,
    "get_default_dtype": lambda i, node: torch.get_default_dtype(),
    "get_default_device": lambda i, node: torch.device("cpu"),
    "device":            _device,
    "set_num_threads":   _nothing,
    "get_num_threads":   lambda i, node: 1,
    "use_deterministic_algorithms": _nothing,
    "set_float32_matmul_precision": _nothing,
    "set_flush_denormal": lambda i, node, mode: True,
}  # fmt: skip
NO_ACCELERATOR: Final = {
    "is_available":  Special("is_available", _never),
    "is_built":      Special("is_built", _never),
    "device_count":  Special("device_count", lambda i, node: 0),
    "current_accelerator": Special("current_accelerator", lambda i, node, check_available=False: None),
    "manual_seed":   Special("manual_seed", _nothing),
    "manual_seed_all": Special("manual_seed_all", _nothing),
    "empty_cache":   Special("empty_cache", _nothing),
}  # fmt: skip
CUDA: Final = (
    NO_ACCELERATOR
    | {
        name: Special(name, _no_cuda)
        for name in "synchronize current_device get_device_name get_device_properties set_device Stream Event".split()
    }
    | {"is_initialized": Special("is_initialized", _never)}
)
