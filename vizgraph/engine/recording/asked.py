"""Read what somebody asks to trace: which tensors, with which seed, under which names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

from vizgraph.engine.recording.freeze import shape_of
from vizgraph.engine.recording.walk import Function, has_history
from vizgraph.errors import VizgraphError

LONGEST: Final = 256  # items of a variable that are looked through for tensors


@dataclass(frozen=True, slots=True)
class Output:
    """One tensor with its upstream gradient; ``name`` is its place in a list or dict, "" for a tensor alone."""

    name: str
    tensor: Tensor
    seed: Tensor


def outputs(given: Any, gradient: Any, begun: Callable[[Tensor], bool] = lambda tensor: False) -> list[Output]:
    """Pair every tensor of lists, tuples and dicts with its seed: ``gradient`` has the structure of ``given``.

    ``begun`` says of a tensor that a pass began there already: it needs no seed. Tensors without history have
    nothing behind them; beside others that have some they are left out.
    """
    pairs = list(_pairs(given, gradient, ""))
    if not pairs:
        raise VizgraphError("there is no tensor to trace", hint="give a tensor, or a list, tuple or dict of tensors")
    told = [pair for pair in pairs if has_history(pair[1])]
    if not told:
        name, tensor, _ = pairs[0]
        raise VizgraphError(
            f"{name or 'the output'} does not require grad, so autograd holds no graph behind it",
            hint=_why_without_history(tensor),
        )
    return [
        Output(name, tensor, torch.ones_like(tensor) if seed is None and begun(tensor) else _seed(name, tensor, seed))
        for name, tensor, seed in told
    ]


def _why_without_history(tensor: Tensor) -> str:
    """What ended the history of a tensor, where it can be seen, and what to trace instead."""
    if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        return "inside of torch.func (vmap, grad, jacrev) autograd has no graph yet: trace what the transform returns"
    if tensor.is_inference():
        return "it was made in torch.inference_mode, which keeps no history: compute it outside of that block"
    if not (tensor.is_floating_point() or tensor.is_complex()):
        return "whole numbers and truth values have no gradient: trace the scores that they came from"
    ends = "no_grad, detach, .data and .item() end a history"
    return f"trace a tensor that depends on a leaf with requires_grad=True; {ends}"


def names_of(names: Any) -> dict[int, str]:
    """Names by the identity of their tensors; the first name of a tensor wins, over a place in a list."""
    found: dict[int, str] = {}
    named = _named(names)
    for name, value in named:
        if isinstance(value, Tensor):
            found.setdefault(id(value), name)
        elif isinstance(value, torch.nn.Module):
            for path, parameter in value.named_parameters():
                found.setdefault(id(parameter), f"{name}.{path}")
    for name, value in named:
        if is_short(value):
            for key, one in value.items() if isinstance(value, dict) else enumerate(value):
                if isinstance(one, Tensor):
                    found.setdefault(id(one), f"{name}[{key}]" if isinstance(key, int) else f"{name}.{key}")
    return found


def is_short(value: Any) -> bool:
    """Whether it is a plain list, tuple or dict, and short enough to be looked through for tensors."""
    return type(value) in (list, tuple, dict) and len(value) <= LONGEST


def leaves_of(names: Any) -> list[tuple[str, Tensor]]:
    """The tensors of a module or a dict that are to get a gradient: the parameters, and what else is a leaf."""
    named = _named(names)
    inner = [
        (f"{name}.{path}", parameter)
        for name, module in named
        if isinstance(module, torch.nn.Module)
        for path, parameter in module.named_parameters()
    ]
    tensors = [(name, one) for name, one in named if isinstance(one, Tensor)]
    return [(name, one) for name, one in (*tensors, *inner) if one.requires_grad and one.is_leaf]


def _named(names: Any) -> list[tuple[str, Any]]:
    if isinstance(names, torch.nn.Module):
        return list(names.named_parameters())
    try:
        return [(str(name), value) for name, value in dict(names or {}).items()]
    except (TypeError, ValueError):
        raise VizgraphError(
            f"names can not be {type(names).__name__}", hint="give a module, or a dict of names and tensors"
        ) from None


def results_of_names(names: Any) -> Iterator[tuple[str, Tensor]]:
    """The named results of operations with one result: their values and names are known."""
    if not isinstance(names, torch.nn.Module):
        for name, value in dict(names or {}).items():
            function = _made_by(value) if isinstance(value, Tensor) else None
            if function is not None and len(function._input_metadata) == 1:
                yield str(name), value


def _made_by(tensor: Tensor) -> Function | None:
    try:
        return tensor.grad_fn
    except RuntimeError:  # one of several views that a write has made unusable
        return None


def _pairs(given: Any, gradient: Any, name: str) -> Iterator[tuple[str, Tensor, Any]]:
    if isinstance(given, Tensor):
        yield name, given, gradient
    elif isinstance(given, Mapping):
        keys = {key: f"{name}.{key}" if name else str(key) for key in given}
        seeds = _by_name(gradient, keys, name)
        for key, value in given.items():
            yield from _pairs(value, seeds.get(key), keys[key])
    elif isinstance(given, (list, tuple)):
        seeds = _in_order(gradient, given, name)
        fields = getattr(given, "_fields", None)  # of a named tuple
        for place, value in enumerate(given):
            inner = f"{name or 'outputs'}[{place}]" if fields is None else f"{name}.{fields[place]}".lstrip(".")
            yield from _pairs(value, seeds[place], inner)


def _by_name(gradient: Any, keys: Mapping[Any, str], name: str) -> Mapping[Any, Any]:
    if gradient is None:
        return {}
    if not isinstance(gradient, Mapping):
        if len(keys) == 1:
            return dict.fromkeys(keys, gradient)
        raise VizgraphError(
            f"{name or 'the outputs'} are given by name, and so their gradients must be",
            hint=f"give a dict with {', '.join(keys.values())}",
        )
    unknown = [key for key in gradient if key not in keys]
    if unknown:
        raise VizgraphError(
            f"the gradient names {unknown[0]}, which is no output", hint=f"use {', '.join(keys.values())}"
        )
    return gradient


def _in_order(gradient: Any, given: Any, name: str) -> Any:
    if gradient is None:
        return [None] * len(given)
    if isinstance(gradient, Mapping):
        places = {place: f"{name or 'outputs'}[{place}]" for place in range(len(given))}
        seeds = _by_name(gradient, dict(zip(places.values(), places.values(), strict=True)), name)
        return [seeds.get(text) for text in places.values()]
    if isinstance(gradient, (list, tuple)):
        if len(gradient) != len(given):
            raise VizgraphError(
                f"{len(gradient)} gradients were given for {len(given)} outputs", hint="give one for each"
            )
        return gradient
    if len(given) == 1:
        return [gradient]
    raise VizgraphError(f"one gradient was given for {len(given)} outputs", hint="give a list with one for each")


def _seed(name: str, tensor: Tensor, given: Any) -> Tensor:
    what = name or "the output"
    if given is None:
        if tensor.numel() != 1:
            raise VizgraphError(
                f"{what} has shape {list(tensor.shape)}: say which combination of its entries you want",
                hint="give gradient=torch.ones_like(...), or trace its sum",
            )
        return torch.ones_like(tensor)
    try:
        seed = torch.as_tensor(given, dtype=tensor.dtype, device=tensor.device).detach()
    except (ValueError, TypeError, RuntimeError) as error:
        raise VizgraphError(f"the gradient of {what} is no tensor: {error}", hint="give numbers or a tensor") from None
    if shape_of(seed) != shape_of(tensor):
        raise VizgraphError(
            f"the gradient of {what} has shape {list(shape_of(seed))}, and {what} has shape {list(shape_of(tensor))}",
            hint="give it the same shape",
        )
    return seed
