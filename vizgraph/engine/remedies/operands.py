"""Mend what does not fit together: shapes of products, kinds of numbers, devices that are not here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import torch
from torch import Tensor

from vizgraph.engine.recording.entries import Entry
from vizgraph.engine.remedies.scene import Remedy, Scene
from vizgraph.model import Fix
from vizgraph.texts import say

PRODUCT = re.compile(r"\((\d+)x(\d+) and (\d+)x(\d+)\)")
PRODUCTS = ("matmul", "mm", "mv", "bmm", "dot", "inner", "vdot")
CASTS = {
    torch.float64: ".double()", torch.float32: ".float()", torch.float16: ".half()", torch.bfloat16: ".bfloat16()",
}  # fmt: skip
CPU = "'cpu'"


def product(scene: Scene) -> Remedy:
    """Turn one factor over where that makes the inner sizes equal, or give a layer the size that arrives."""
    pairs = list(_pairs(scene))
    if len(pairs) >= 2 and _is_product(scene):
        (left, first), (right, second) = pairs[:2]
        fixes: list[Fix | None] = []
        if second.dim() == 2 and first.shape[-1:] == second.shape[-1:]:
            fixes.append(scene.append(right, ".T"))
        if first.dim() == 2 and first.shape[0] == (second.shape[-2] if second.dim() > 1 else second.shape[0]):
            fixes.append(scene.append(left, ".T"))
        fixes.append(_same_length(scene, (left, first), (right, second)))
        sides = f"{list(first.shape)} @ {list(second.shape)}"
        return Remedy(say("why.product", shapes=sides), tuple(fixes), _made(scene, first, second))
    return _layer(scene)


def _is_product(scene: Scene) -> bool:
    """Whether the step is a product as written, and not inside of a module or a function."""
    match scene.at(scene.span, ast.BinOp, ast.Call):
        case ast.BinOp():
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in PRODUCTS
    return False


def _same_length(scene: Scene, left: tuple[ast.expr, Tensor], right: tuple[ast.expr, Tensor]) -> Fix | None:
    """Of two vectors, or a matrix and a vector, the vector cut to the size that is there."""
    (_, first), (node, second) = left, right
    if first.dim() and second.dim() == 1 and second.shape[0] > first.shape[-1]:
        return scene.append(node, f"[:{first.shape[-1]}]")
    node, vector = left
    if vector.dim() == 1 and second.dim() and vector.shape[0] > second.shape[-2 if second.dim() > 1 else -1]:
        return scene.append(node, f"[:{second.shape[-2 if second.dim() > 1 else -1]}]")
    return None


def _layer(scene: Scene) -> Remedy:
    """A product inside of a module: the layer that expects another number of features."""
    found = PRODUCT.search(scene.message)
    if found is None:
        return Remedy()
    arrives, wanted, gives = int(found[2]), int(found[3]), int(found[4])
    fixes = []
    for call in scene.calls():
        match call.args:
            case [ast.Constant(value=before) as size, ast.Constant(value=after), *_]:
                if (before, after) == (wanted, gives) and scene.text(call.func).endswith("Linear"):
                    fixes.append(scene.replace(size, str(arrives)))
    return Remedy(say("why.product.layer", arrives=arrives, wanted=wanted), tuple(fixes))


def kinds_of_numbers(scene: Scene) -> Remedy:
    """Give one operand the dtype of another."""
    pairs = list(_pairs(scene))
    dtypes = dict.fromkeys(tensor.dtype for _, tensor in pairs)
    fixes = []
    for wanted, cast in CASTS.items():
        others = [node for node, tensor in pairs if tensor.dtype is not wanted]
        if wanted in dtypes and len(others) == 1:
            fixes.append(scene.append(others[0], cast))
    if "Long" in scene.message:
        fixes += [scene.append(node, ".long()") for node, tensor in pairs[1:] if tensor.dtype is not torch.int64]
    fixes.sort(key=lambda fix: fix is None or ".double()" not in fix.replace)  # nothing is lost by more digits
    names = ", ".join(str(dtype).removeprefix("torch.") for dtype in dtypes)
    return Remedy(say("why.dtype", dtypes=names), tuple(fixes), _made(scene, *(tensor for _, tensor in pairs)))


def device(scene: Scene) -> Remedy:
    """The hosted page has a processor and nothing else."""
    statement = scene.statement(scene.span)
    fixes: list[Fix | None] = []
    for node in ast.walk(statement) if statement is not None else ():
        match node:
            case ast.Constant(value=str(text)) if text.split(":")[0] in ("cuda", "mps", "xpu", "gpu", "xla"):
                fixes.append(scene.replace(node, f'"{CPU[1:-1]}"' if scene.text(node)[0] == '"' else CPU))
            case ast.Call(func=ast.Attribute(value=owner, attr="cuda" | "xpu"), args=[]):
                fixes.append(scene.replace(node, f"{scene.operand(owner)}.cpu()"))
    return Remedy(say("why.device"), tuple(fixes))


def _pairs(scene: Scene) -> Iterator[tuple[ast.expr, Tensor]]:
    """What was given to the failing step: each operand as written, with its tensor."""
    node = scene.at(scene.span, ast.BinOp, ast.Call)
    written: list[ast.expr] = []
    if isinstance(node, ast.BinOp):
        written = [node.left, node.right]
    elif isinstance(node, ast.Call):
        is_method = isinstance(node.func, ast.Attribute) and len(node.args) < len(scene.arguments)
        written = [*([node.func.value] if is_method and isinstance(node.func, ast.Attribute) else []), *node.args]
    for one, value in zip(written, scene.arguments, strict=False):
        if isinstance(value, Tensor):
            yield one, value


def _made(scene: Scene, *tensors: Tensor) -> tuple[Entry, ...]:
    return tuple(entry for entry in map(scene.entry, tensors) if entry is not None)
