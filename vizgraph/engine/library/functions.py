"""Bind every function of the table once, at import; text of a user is only ever looked up in the finished tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch
import torch.nn.functional
from torch import Tensor

from vizgraph.engine.library.table import SAME, TABLE, Kind


@dataclass(frozen=True, slots=True, repr=False)
class Function:
    """A function of the language: ``call`` is torch's own; ``operation`` is the name in the graph."""

    operation: str
    kind: Kind
    call: Callable[..., Any]
    inplace: bool = False

    def __repr__(self) -> str:
        return f"<built-in function {self.operation}>"


# Constants and dtypes by name, and the functions of Python's math that only make numbers.
DTYPES: Final = {
    "float32": torch.float32, "float": torch.float, "float64": torch.float64, "double": torch.double,
    "float16": torch.float16, "half": torch.half, "bfloat16": torch.bfloat16, "int64": torch.int64,
    "long": torch.long, "int32": torch.int32, "int": torch.int, "int16": torch.int16, "int8": torch.int8,
    "uint8": torch.uint8, "bool": torch.bool,
}  # fmt: skip
CONSTANTS: Final = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau}
BARE_CONSTANTS: Final = {"pi": math.pi, "π": math.pi, "inf": math.inf, "nan": math.nan}
MATH: Final[dict[str, Callable[..., float]]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "log2": math.log2, "log10": math.log10, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "tanh": math.tanh, "sinh": math.sinh, "cosh": math.cosh, "asin": math.asin,
    "acos": math.acos, "atan": math.atan, "atan2": math.atan2, "floor": math.floor, "ceil": math.ceil,
    "pow": math.pow, "fabs": math.fabs, "hypot": math.hypot,
    "isnan": math.isnan, "isinf": math.isinf, "erf": math.erf, "erfc": math.erfc, "gamma": math.gamma,
    "lgamma": math.lgamma, "log1p": math.log1p, "expm1": math.expm1, "degrees": math.degrees, "radians": math.radians,
    "trunc": math.trunc, "copysign": math.copysign, "fmod": math.fmod, "isfinite": math.isfinite, "cbrt": math.cbrt,
    "exp2": math.exp2, "asinh": math.asinh, "acosh": math.acosh, "atanh": math.atanh, "gcd": math.gcd,
    "isqrt": math.isqrt,
}  # fmt: skip


# torch's own would show memory that nobody has written: another run's numbers, and other ones in every process.
OWN: Final[dict[str, Callable[..., Any]]] = {"empty": torch.zeros, "empty_like": torch.zeros_like}


def _collect(letter: str, home: Any, suffix: str = "") -> dict[str, Function]:
    return {
        name + suffix: Function(
            SAME.get(name, name).removesuffix("_"),
            Kind.INPLACE if suffix else kind,
            OWN.get(name) or getattr(home, name + suffix),
            inplace=bool(suffix) or kind is Kind.INPLACE,
        )
        for name, kind, where in TABLE
        if letter in where
    }


def _bare(name: str) -> Any:
    return next(getattr(home, name) for home in (torch, torch.nn.functional, torch.linalg) if hasattr(home, name))


def _in_place() -> dict[str, Function]:
    """Functions such as ``torch.sin_(x)``, which torch has beside the method."""
    return {
        name + "_": Function(SAME.get(name, name), Kind.INPLACE, getattr(torch, name + "_"), inplace=True)
        for name, _, where in TABLE
        if "t" in where and "i" in where and hasattr(torch, name + "_")
    }


TORCH: Final = _collect("t", torch) | _in_place()
METHODS: Final = _collect("m", Tensor) | _collect("i", Tensor, "_")
FUNCTIONAL: Final = _collect("f", torch.nn.functional)
# What torch.special calls by other names, and what only it has; their sizes are those of their operands.
SPECIAL: Final = {
    name: Function(SAME.get(name, name), Kind.POINTWISE, getattr(torch.special, name))
    for name in "digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammaln i0 i0e i1 i1e log1p log_ndtr logit ndtr "
    "ndtri polygamma psi round sinc xlog1py xlogy zeta".split()
} | {
    name: Function(name, Kind.ACTIVATION, getattr(torch.special, name))
    for name in "log_softmax logsumexp softmax".split()
}
LINALG: Final = _collect("l", torch.linalg)
BARE: Final = {
    name: Function(SAME.get(name, name), kind, _bare(name)) for name, kind, where in TABLE if "b" in where
} | {"ln": Function("log", Kind.POINTWISE, torch.log)}
