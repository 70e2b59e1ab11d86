"""Hold the rooms to docs/ARCHITECTURE.md: who may import what, and what no line may do with a user's text."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAMS = ROOT / "vizgraph" / "lessons" / "models"  # read, never imported
MODULES = sorted(path for path in (ROOT / "vizgraph").rglob("*.py") if PROGRAMS not in path.parents)
HEAVY = ("torch", "sympy", "pygraphviz")

# Python's own calls that run text (a method of that name is none of them), and sympy's, however they are reached.
BUILTINS = {"eval", "exec", "compile", "__import__"}
SYMPIFIERS = {"sympify", "parse_expr", "lambdify", "S"}
# Modules that make objects of bytes, or load modules by name.
OBJECTS_FROM_BYTES = {"importlib", "pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
# Operating-system calls that start or end processes.
PROCESSES = {"fork", "forkpty", "kill", "killpg", "system", "popen", "spawnv", "execv", "execve", "posix_spawn"}
# Modules whose getattr takes a name from a table of ours or from the fields of a dataclass, never from a program.
NAMES_OF_OURS: dict[str, str] = {
    "vizgraph/codec.py": "the fields of the model's dataclasses",
    "vizgraph/engine/eager.py": "what torch asks of its compiler; no program reaches it",
    "vizgraph/engine/recording/saved.py": "the saved tensors of a function of torch's own graph",
    "vizgraph/engine/remedies/rewritten.py": "what a function of torch's own graph says that it has saved",
    "vizgraph/engine/library/backwards.py": "the names that autograd gives to what it saves",
    "vizgraph/engine/recording/inside.py": "what torch itself lists as saved by a function",
    "vizgraph/engine/library/functions.py": "the tables of functions, bound when the module is loaded",
}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in MODULES:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call with the object before the dot, as written, and the last name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield "", node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                yield ast.unparse(node.func.value), node.func.attr, node


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_import_linter_keeps_every_contract() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_nothing_turns_text_into_code() -> None:
    found = [
        f"{path}:{call.lineno} {owner}.{name}"
        for path, tree in trees()
        for owner, name, call in calls(tree)
        if name in SYMPIFIERS or (name in BUILTINS and owner in {"", "builtins", "__builtins__"})
    ]
    assert found == []


def test_nothing_makes_objects_from_bytes() -> None:
    assert [(path, name) for path, tree in trees() for name in imports(tree) if name in OBJECTS_FROM_BYTES] == []


def test_attributes_are_looked_up_by_names_of_ours_only() -> None:
    found = {
        path
        for path, tree in trees()
        for _, name, call in calls(tree)
        if name in {"getattr", "setattr", "delattr", "attrgetter", "methodcaller", "__getattribute__", "__getattr__"}
        and not (len(call.args) > 1 and isinstance(call.args[1], ast.Constant))
    }
    assert found == set(NAMES_OF_OURS)


def test_processes_start_and_end_in_worker_only() -> None:
    found = [
        f"{path}:{call.lineno} {owner}.{name}"
        for path, tree in trees()
        if not path.startswith("vizgraph/worker/")
        for owner, name, call in calls(tree)
        if owner in {"os", "signal"} and name in PROCESSES
    ]
    assert found == []


def test_every_module_says_what_it_does_in_one_sentence() -> None:
    for path, tree in trees():
        first = (ast.get_docstring(tree) or "").partition("\n")[0]
        assert first.rstrip("`.: ").strip(), path
        assert first[0].isupper(), f"{path}: {first}"
        assert first.endswith((".", "``.", "``")), f"{path}: {first}"


def test_the_page_and_the_shell_start_without_torch_sympy_and_graphviz() -> None:
    page = [name_of(path) for path in MODULES if path.parent.name == "ui" and path.name != "__main__.py"]
    modules = ["vizgraph", "vizgraph.cli", "vizgraph.lessons", "vizgraph.texts", "vizgraph.worker.client", *page]
    program = f"import sys, {', '.join(modules)}; print([name for name in {HEAVY} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (result.stdout.strip(), result.returncode) == ("[]", 0), result.stderr


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
