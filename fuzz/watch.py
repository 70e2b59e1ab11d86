"""Watch a process for what no program may make it do: files, processes, sockets, changed tables, a changed state."""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import torch

import vizgraph.engine.library
import vizgraph.language
from vizgraph.engine.evaluation import expressions, operators, statements
from vizgraph.engine.evaluation.values import Namespace

# Events of Python's audit hooks that nothing a program says may cause.
FORBIDDEN: Final = (
    "open", "os.", "socket.", "subprocess.", "shutil.", "ctypes.", "pickle.", "marshal.", "exec", "tempfile.", "glob.",
    "builtins.input", "builtins.breakpoint", "code.__new__", "mmap.", "fcntl.", "signal.", "resource.", "pathlib.",
    "urllib.", "http.", "ftplib.", "webbrowser.", "sqlite3.", "syslog.", "pty.", "cpython.", "gc.", "sys.settrace",
    "sys.setprofile", "object.__setattr__", "object.__delattr__",
)  # fmt: skip
OURS: Final = (sys.prefix, sys.base_prefix, str(Path(__file__).parents[1]), str(Path(torch.__file__).parents[1]))
OF_TYPES: Final = ("/typing.py", "/dataclasses.py")  # make code of our own annotations, at their first use
MODULES: Final = (  # looked for now: a confined process can't
    expressions, statements, operators,
    *(import_module(one.name) for package in (vizgraph.engine.library, vizgraph.language)
      for one in pkgutil.iter_modules(package.__path__, package.__name__ + ".")),
)  # fmt: skip
seen: list[str] = []  # what has happened since somebody looked
imported: list[str] = []  # modules that were loaded late: a confined child may not be able to


def listen() -> None:
    """Note every forbidden event of this process from now on; a hook can't be taken back."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "import":
        imported.append(str(arguments[0]))
    elif event in ("compile", "exec") and sys._getframe(1).f_code.co_filename.endswith(OF_TYPES):
        pass
    elif event == "compile":
        if arguments[1] not in ("<unknown>", None):  # ast.parse, which makes no code
            seen.append(f"compile of {arguments[1]!r}")
    elif event == "open" and _is_for_a_traceback(*arguments[:2]):
        pass
    elif event.startswith(FORBIDDEN):
        seen.append(f"{event} {str(arguments)[:120]}")


def _is_for_a_traceback(path: object, mode: object) -> bool:
    """The parser would like to quote the line that it can't read, anomaly mode the lines that led to a call."""
    return path == "<unknown>" or (mode == "r" and str(path).endswith(".py") and str(path).startswith(OURS))


def take() -> list[str]:
    """Return what was noted, and forget it."""
    found = list(seen)
    seen.clear()
    return found


def state() -> tuple[Any, ...]:
    """What a program could change for the next one."""
    return (
        torch.is_grad_enabled(), torch.get_default_dtype(), torch.is_anomaly_enabled(), torch.is_warn_always_enabled(),
        torch.are_deterministic_algorithms_enabled(), torch.get_num_threads(), torch.initial_seed(),
        torch._tensor_str.PRINT_OPTS.precision, torch._tensor_str.PRINT_OPTS.threshold,
        torch.is_inference_mode_enabled(),
        sys.getrecursionlimit(), Path.cwd(), len(os.environ), sys.stdout is sys.__stdout__,
    )  # fmt: skip


def tables() -> dict[str, tuple[tuple[str, int], ...]]:
    """Every table of the language as the identities of its entries, and the environment."""
    found = {"os.environ": tuple(sorted((name, hash(value)) for name, value in os.environ.items()))}
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, Namespace):
                value = value.members
            if isinstance(value, Mapping) and not name.startswith("_"):
                found[f"{module.__name__}.{name}"] = tuple((str(key), id(item)) for key, item in value.items())
    return found
