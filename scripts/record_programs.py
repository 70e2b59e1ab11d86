"""Record what real Python and PyTorch make of every program in tests/programs, as tests/programs/outcomes.json."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import math
import multiprocessing
import re
import traceback
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

PROGRAMS = Path(__file__).parents[1] / "tests" / "programs"
KINDS = ("everyday", "advanced", "errors")
ENTRIES = 64  # numbers of a tensor that are kept; of a larger one only its extremes and its norm


def names() -> list[str]:
    """Return every program as "everyday/first_gradient"."""
    return [f"{kind}/{path.stem}" for kind in KINDS for path in sorted((PROGRAMS / kind).glob("*.py"))]


def digest(source: str) -> str:
    """Tell two versions of a program apart."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def outcome(name: str) -> dict[str, Any]:
    """Run one program as Python would, from the seed 0 on one thread, and return all that can be seen of it."""
    source = (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
    torch.set_num_threads(1)
    torch.set_warn_always(True)  # a warning that torch gives once must not depend on which program came first
    torch.manual_seed(0)
    space: dict[str, Any] = {"__name__": "__main__"}
    error = None
    with contextlib.redirect_stdout(io.StringIO()) as out, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(source, name, "exec"), space)
        except Exception as failure:  # noqa: BLE001 - however it fails, it is recorded
            error = error_of(failure, name)
        found = [tensor_of(called, tensor) for called, tensor in tensors(space)]
    return {
        "digest": digest(source),
        "printed": without_addresses(out.getvalue()),
        "warnings": list(dict.fromkeys(sentence(str(item.message)) for item in caught if is_news(item))),
        "tensors": found,
        "error": error,
    }


def error_of(failure: Exception, name: str) -> dict[str, Any]:
    """The class, the first line of the message, and the innermost line of the program."""
    lines = [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if frame.filename == name]
    line = failure.lineno if isinstance(failure, SyntaxError) else lines[-1]
    return {"class": type(failure).__name__, "message": sentence(str(failure)), "line": line}


def sentence(message: str) -> str:
    """The first line, without C++ signatures, places in torch's own source and hints at its debugging tools."""
    first = (message.strip().splitlines() or [""])[0]
    beyond = (
        r",? but expected one of:| \(Triggered internally| Traceback of forward call| Hint: (?:enable|the backtrace)"
    )
    return re.split(beyond, without_addresses(first))[0].strip()


def is_news(item: warnings.WarningMessage) -> bool:
    return issubclass(item.category, (UserWarning, RuntimeWarning))


def without_addresses(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x…", text)


def tensors(space: dict[str, Any]) -> list[tuple[list[str], Tensor]]:
    """Return every tensor that a name reaches at the end, with all its names: "w", "model.0.weight"."""
    reached: dict[int, tuple[list[str], Tensor]] = {}
    for name, value in space.items():
        if isinstance(value, nn.Module):
            pairs = [(f"{name}.{path}", parameter) for path, parameter in value.named_parameters()]
        else:
            pairs = [(name, value)] if isinstance(value, Tensor) else []
        for path, tensor in pairs:
            reached.setdefault(id(tensor), ([], tensor))[0].append(path)
    return list(reached.values())


def tensor_of(called: list[str], tensor: Tensor) -> dict[str, Any]:
    leaf = tensor.requires_grad and tensor.is_leaf
    grad = tensor.grad if leaf else None
    return {
        "names": called,
        "leaf": leaf,
        "value": value_of(tensor),
        "grad": None if grad is None else value_of(grad),
    }


def value_of(tensor: Tensor) -> dict[str, Any]:
    plain = tensor.detach().reshape(-1)
    value: dict[str, Any] = {"shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch.")}
    if plain.is_complex():
        return value | {"norm": plain.abs().norm().item()}
    if plain.numel() <= ENTRIES:
        return value | {"entries": [plain_number(entry) for entry in plain.tolist()]}
    wide = plain.double()
    return value | {"minimum": wide.min().item(), "maximum": wide.max().item(), "norm": wide.norm().item()}


def plain_number(entry: float) -> float | str:
    """Numbers as JSON has them: those that are not finite are words."""
    return entry if math.isfinite(entry) else str(float(entry))


def main() -> None:
    # A child for each program: whatever it changes (grad mode, seeds, how tensors print) ends with it.
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        outcomes = dict(zip(names(), pool.map(outcome, names(), chunksize=1), strict=True))
    text = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(found, ensure_ascii=False)}" for name, found in outcomes.items()
    )
    (PROGRAMS / "outcomes.json").write_text("{\n" + text + "\n}\n", encoding="utf-8")
    errors = sum(found["error"] is not None for found in outcomes.values())
    print(f"{len(outcomes)} programs, {errors} of them end in an error")


if __name__ == "__main__":
    main()
