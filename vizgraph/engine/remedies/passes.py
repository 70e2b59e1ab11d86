"""Mend calls of backward: no gradient, one of another shape, a second pass through what the first freed."""

from __future__ import annotations

import ast

from vizgraph.engine.recording.recording import Recording
from vizgraph.engine.recording.walk import is_leaf
from vizgraph.engine.remedies.rewritten import refuses
from vizgraph.engine.remedies.scene import Remedy, Scene, told
from vizgraph.texts import say

FREED = "have already been freed"
METHOD = "backward"
GRADIENTS = {"backward": "grad_tensors", "grad": "grad_outputs"}  # of the functions in torch.autograd


def no_gradient(scene: Scene) -> Remedy:
    """A pass from many numbers needs v; or their sum, which is v = ones."""
    call, output = _pass(scene)
    if call is None or output is None:
        return Remedy()
    summed = scene.append(output, ".sum()")
    ones = None
    if isinstance(output, ast.Name) and scene.torch:
        seed = f"torch.ones_like({output.id})"
        keyword = _keyword(scene, call)
        ones = scene.with_argument(call, seed) if keyword is None else scene.with_keyword(call, keyword, seed)
    size = tuple(scene.culprit.shape) if scene.culprit is not None else ()
    return Remedy(say("why.no_gradient", name=scene.text(output), shape=list(size)), (ones, summed))


def wrong_shape(scene: Scene) -> Remedy:
    """v has one number for each entry of the output."""
    call, output = _pass(scene)
    gradient = _gradient(scene, call) if call is not None else None
    if gradient is None or output is None or scene.culprit is None:
        return Remedy()
    ones = scene.replace(gradient, f"torch.ones_like({scene.text(output)})") if scene.torch else None
    shaped = scene.append(gradient, f".reshape({scene.text(output)}.shape)")
    why = say("why.wrong_shape", name=scene.text(output), shape=list(scene.culprit.shape))
    return Remedy(why, (shaped, ones))


def second_pass(scene: Scene) -> Remedy:
    """The pass before must keep what the graph has saved."""
    recordings = scene.interpreter.session.recordings
    if len(recordings) < 2 or recordings[-1].span != scene.span:
        return Remedy()
    earlier = next((one for one in reversed(recordings[:-1]) if _shared(one, recordings[-1])), None)
    if earlier is None or earlier.span is None:
        return Remedy()
    call = scene.at(earlier.span, ast.Call)
    keep = scene.with_keyword(call, "retain_graph", "True") if call is not None else None
    freed = [function for function in _shared(earlier, recordings[-1]) if refuses(function, FREED)]
    owners = [scene.interpreter.recorder.owner(function) for function in freed]
    shared = [owner for owner in owners if owner is not None]
    key = "why.second_pass.loop" if earlier.span == scene.span else "why.second_pass"
    names = ", ".join(dict.fromkeys(told(entry) for entry in shared[-2:]))
    return Remedy(say(key, line=earlier.span.line, names=names), (keep,), tuple(shared))


def unused(scene: Scene) -> Remedy:
    """torch.autograd.grad wants to be told that an input may have no part in the output."""
    call = scene.at(scene.span, ast.Call)
    return Remedy(say("why.unused"), (scene.with_keyword(call, "allow_unused", "True"),) if call else ())


def _shared(one: Recording, other: Recording) -> list[object]:
    return [function for function in one.functions if not is_leaf(function) and function in other.functions]


def _pass(scene: Scene) -> tuple[ast.Call | None, ast.expr | None]:
    """The call of backward or grad that failed, and its output as written."""
    call = scene.at(scene.span, ast.Call)
    if call is None:
        return None, None
    if _keyword(scene, call) is None:
        return call, call.func.value if isinstance(call.func, ast.Attribute) else None
    output = next(iter(call.args), None)
    many = isinstance(output, (ast.List, ast.Tuple, ast.Starred))
    return call, None if many else output


def _keyword(scene: Scene, call: ast.Call) -> str | None:
    """How a function of torch.autograd calls its gradients; None for the method of a tensor."""
    function = call.func
    if isinstance(function, ast.Attribute):
        is_method = function.attr == METHOD and not scene.text(function.value).endswith("autograd")
        return None if is_method else GRADIENTS.get(function.attr)
    return GRADIENTS.get(function.id) if isinstance(function, ast.Name) else None


def _gradient(scene: Scene, call: ast.Call) -> ast.expr | None:
    """What was given as the upstream gradient."""
    keyword = _keyword(scene, call)
    place = {None: 0, "grad_tensors": 1, "grad_outputs": 2}[keyword]
    named = next((one.value for one in call.keywords if one.arg == (keyword or "gradient")), None)
    return named or next(iter(call.args[place : place + 1]), None)
