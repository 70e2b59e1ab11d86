"""Take down everything of a program that a trace must leave as it was, and compare it afterwards."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy
import torch
from torch import Tensor, nn

hooks_of_modules = nn.modules.module


@contextmanager
def untouched(tensors: Iterable[Tensor]) -> Iterator[None]:
    """Assert that the block changes nothing of these tensors, and no mode or generator of the process."""
    kept = list(tensors)
    before = [state(one) for one in kept]
    entries = [entries_of(one) for one in kept]
    process, generators = modes(), drawn()
    yield
    for one, was, held in zip(kept, before, entries, strict=True):
        assert state(one) == was
        assert entries_of(one) == held
    assert modes() == process
    assert drawn() == generators


def state(tensor: Tensor) -> dict[str, Any]:
    """What there is of a tensor beside its entries; ``grad`` is the very object."""
    grad = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
    return {
        "version": None if tensor.is_inference() else tensor._version,
        "grad": id(grad),
        "version of grad": None if grad is None else grad._version,
        "hooks": list((tensor._backward_hooks or {}).items()),
        "hooks after accumulation": list((tensor._post_accumulate_grad_hooks or {}).items()),
        "requires_grad": tensor.requires_grad,
        "retains_grad": tensor.retains_grad,
        "grad_fn": id(tensor.grad_fn),
    }


def entries_of(tensor: Tensor) -> bytes:
    plain = tensor.detach()
    plain = plain.to_dense() if plain.layout is not torch.strided else plain
    plain = torch.view_as_real(plain.resolve_conj()) if plain.is_complex() else plain
    with torch.inference_mode(False), torch.no_grad():
        raw: bytes = plain.resolve_neg().contiguous().clone().view(torch.uint8 if plain.dim() else plain.dtype)
        return bytes(numpy.asarray(raw).tobytes())


def modes() -> dict[str, Any]:
    return {
        "grad": torch.is_grad_enabled(),
        "inference": torch.is_inference_mode_enabled(),
        "anomaly": (torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()),
        "deterministic": (
            torch.are_deterministic_algorithms_enabled(),
            torch.is_deterministic_algorithms_warn_only_enabled(),
        ),
        "dtype": torch.get_default_dtype(),
        "device": torch.get_default_device(),
        "autocast": (
            torch.is_autocast_enabled("cpu"),
            torch.get_autocast_dtype("cpu"),
            torch.is_autocast_cache_enabled(),
        ),
        "functions": len(torch.overrides._get_current_function_mode_stack()),
        "kernels": torch._C._len_torch_dispatch_stack(),
        "overrides": torch._C._is_torch_function_enabled(),
        "threads": torch.get_num_threads(),
        "multithreading": torch._C._is_multithreading_enabled(),
        "collector": gc.isenabled(),
        "level": torch.autograd.forward_ad._current_level,
        "hooks of modules": (
            len(hooks_of_modules._global_forward_hooks),
            len(hooks_of_modules._global_forward_pre_hooks),
            len(hooks_of_modules._global_backward_hooks),
        ),
    }


def drawn() -> tuple[Any, ...]:
    return torch.get_rng_state().tolist(), random.getstate(), numpy.random.get_state()[1].tolist()
