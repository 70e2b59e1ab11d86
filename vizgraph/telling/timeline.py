"""Tell the backward pass beat by beat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from vizgraph import views
from vizgraph.model import Beat, Change, Fault, Pass, Run, Seed, Span, Timeline, Value, View
from vizgraph.notation.numbers import ELLIPSIS, show
from vizgraph.telling.captions import Captions, shorten
from vizgraph.telling.formulas import VALUE_WIDTH, text
from vizgraph.telling.holes import if_one
from vizgraph.telling.journey import Journey, Map, survey
from vizgraph.texts import say

Tell: TypeAlias = Callable[[Map, Pass, dict[str, str]], Journey]

MESSAGE_WIDTH = 100  # of an error's message, which the page shows whole elsewhere
HINT_WIDTH = 60  # of a hint without code
_STARTED = 6  # leaves named before the first step; more are counted
_LISTED = 6  # values named in one formula
_NAMED_WIDTH = 60  # characters of their names, where there are more than two; the graph shows every one
_INNER = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_SEEDS = {"gradient", "grad_tensors", "grad_outputs"}  # the keywords of v
_CODE = re.compile(  # in a hint, the first of: a statement, a call, a keyword argument
    r"\b\w+ = [^,:]+?(?= instead\b|[,:]|$)"
    r"|(?:\([^()]*\)\.)?\b[A-Za-z_][\w.]*\((?:[^()]|\([^()]*\))*\)"
    r"|\b\w+=[\w.]+"
)

_LETTER = re.compile(r"\b[A-Za-z]\b")  # what an example calls its values


def compose(view: View, run: Run, tell: Tell = Journey) -> Timeline:
    """All beats of a view: the forward pass, every backward pass, what the program did between, the end.

    ``tell`` makes the teller of one pass."""
    land = survey(view, run)
    held = held_at_first(view)
    beats = [_start(view, run, land.captions, held)]
    for number, one in enumerate(view.passes):
        beats.extend(changed(view, number, held))
        beats.append(_seed(one, number, land.captions, run))
        beats.extend(tell(land, one, held).beats())
    beats.extend(changed(view, len(view.passes), held))
    faulty = views.faulty(view, run)
    beats.append(_end(view, run, land.captions, held, faulty))
    return Timeline(tuple(beats), faulty)


def held_at_first(view: View) -> dict[str, str]:
    """What stands on every leaf before anything was done to it."""
    changes = {change.node for change in view.changes} | {done.node for one in view.passes for done in one.gradients}
    leaves = [node.id for node in view.graph.nodes if node.kind == "leaf"]
    return {leaf: text_of(_first_gradient(leaf, view) if leaf in changes else None) for leaf in leaves}


def text_of(gradient: Value | None) -> str:
    """A leaf's ``.grad`` as it stands on the leaf."""
    return "None" if gradient is None else text(gradient)


def _first_gradient(node: str, view: View) -> Value | None:
    """What a leaf's ``.grad`` held before anything was done to it."""
    for number, one in enumerate((*view.passes, None)):
        changes = [change.before for change in view.changes if change.node == node and change.passes == number]
        passes = [done.before for done in one.gradients if done.node == node] if one else []
        if changes or passes:
            return (changes + passes)[0]
    return None


def _start(view: View, run: Run, captions: Captions, held: dict[str, str]) -> Beat:
    used = {edge.source for edge in view.graph.edges}
    shown = view.graph.outputs or tuple(node.id for node in view.graph.nodes if node.id not in used)
    outputs = [node for node in view.graph.nodes if node.id in shown]
    leaves = [node.id for node in view.graph.nodes if node.kind == "leaf"]
    in_groups = any(node.kind == "group" for node in view.graph.nodes)
    count = max(len(leaves), len(run.leaves) if in_groups else 0)
    are_named = bool(leaves) and count <= _STARTED and len(leaves) == count
    values = [f"{captions.value(node.id)} = {show(node.value, VALUE_WIDTH)}" for node in outputs if node.value]
    return Beat(
        "start",
        say(
            "beat.start" if are_named else "beat.start.large" if count else "beat.start.constant",
            outputs=captions.values([node.id for node in outputs]),
            leaves=captions.values(leaves),
            count=count,
        ),
        _listed(values),
        gradients=tuple(held.items()),
    )


def _seed(one: Pass, number: int, captions: Captions, run: Run) -> Beat:
    placed: dict[str, list[str]] = {seed.node: [] for seed in one.seeds}
    for seed in one.seeds:
        placed[seed.node].append(text(seed.gradient))
    sentence, formula = _placed(one, captions, run)
    return Beat(
        "seed",
        say("beat.seed.again", number=max(one.number, number + 1), sentence=sentence) if number else sentence,
        formula,
        nodes=tuple(placed),
        gradients=tuple((node, ", ".join(texts)) for node, texts in placed.items()),
        clears=number > 0,
        line=one.span.line if one.span else None,
    )


def _placed(one: Pass, captions: Captions, run: Run) -> tuple[str, str]:
    seeds = one.seeds
    if len(seeds) != 1:
        scalars = all(not seed.gradient.shape for seed in seeds)
        each = [text(seed.gradient) for seed in seeds]
        pairs = zip(seeds, each, strict=True)
        named = [f"d{captions.outer()}/d{captions.value(seed.node)} = {value}" for seed, value in pairs]
        formula = f"v = [{_listed(each)}]" if scalars else _listed(named)
        return say("beat.seed.several", outputs=captions.values([seed.node for seed in seeds])), formula
    output = captions.value(seeds[0].node)

    def told(key: str, outer: str) -> tuple[str, str]:
        meaning = f"d{outer}/d{output} = " if captions.is_named(seeds[0].node) else ""
        return say(key, output=output, outer=outer), f"v = {meaning}{text(seeds[0].gradient)}"

    given = told("beat.seed.given", captions.outer())
    if not _may_be_implicit(seeds[0], one.span, run):
        return given
    sentence, formula = told("beat.seed.scalar", output)
    return if_one(seeds[0].gradient, sentence, given[0]), if_one(seeds[0].gradient, formula, given[1])


def _may_be_implicit(seed: Seed, span: Span | None, run: Run) -> bool:
    """Whether backward itself supplied v if that is 1: a scalar output, no v where the program calls it."""
    if seed.gradient.shape:
        return False
    return span is None or run.program is None or not _gives_v(_written(run.program.source, span))


def _gives_v(call: str) -> bool:
    """Whether a call of backward or autograd.grad is given v.

    >>> calls = "y.sum().backward()", "y.backward(retain_graph=True)", "(y*2).backward(None)", "grad([y,z],(x,))"
    >>> any(_gives_v(call) for call in calls)
    False
    >>> calls = "y.backward(v)", "y.backward(gradient=v)", "grad(y,x,v)", "grad(y.sum(),x,grad_outputs=v)"
    >>> all(_gives_v(call) for call in calls)
    True
    """
    inside = call.removesuffix(")")
    while _INNER.search(inside):  # what stands in brackets of its own says nothing about the call itself
        inside = _INNER.sub("…", inside)
    name, _, inside = inside.partition("(")
    given = [one for one in inside.split(",") if one]
    keywords = {one.partition("=")[0] for one in given if "=" in one}
    first = 0 if name.endswith("backward") and not name.endswith("autograd.backward") else 2
    positional = [one for one in given if "=" not in one]
    return bool(keywords & _SEEDS) or positional[first : first + 1] not in ([], ["None"])


def _written(source: str, span: Span) -> str:
    """The text at a place of the source, blanks left out."""
    lines = source.splitlines()[span.line - 1 : span.end_line]
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "".join("".join(lines).split())


def changed(view: View, passes: int, held: dict[str, str]) -> Iterator[Beat]:
    """What the program itself did to leaves after so many passes; ``held`` is kept up to date."""
    nodes = {node.id for node in view.graph.nodes}
    for change in view.changes:
        if change.passes == passes and change.node in nodes:
            held[change.node] = text_of(change.after)
            yield _change(change)


def _change(change: Change) -> Beat:
    after = text_of(change.after)
    return Beat(
        "change",
        say("beat.change", how=change.how, leaf=change.leaf, after=after),
        f".grad: {text_of(change.before)} → {after}",
        nodes=(change.node,),
        gradients=((change.node, after),),
        line=change.span.line if change.span else None,
    )


def _end(view: View, run: Run, captions: Captions, held: dict[str, str], faulty: tuple[str, ...]) -> Beat:
    gradients = tuple(held.items())
    if run.error is not None:
        return _stop(run, run.error, faulty, gradients)
    filled = tuple(leaf for leaf, gradient in gradients if gradient != "None")
    some = "beat.end.some" if filled or not any(one.gradients for one in view.passes) else "beat.end.handed"
    key = "beat.end.forward" if not view.passes else "beat.end" if len(filled) == len(gradients) else some
    formula = _listed([f"{captions.value(leaf)}.grad = {gradient}" for leaf, gradient in gradients])
    return Beat("end", say(key), formula, filled, gradients=gradients)


def _stop(run: Run, fault: Fault, faulty: tuple[str, ...], gradients: tuple[tuple[str, str], ...]) -> Beat:
    """Where it stopped. Of live code no line is known that would mend it: the findings tell what to do."""
    message = shorten(fault.message.partition(". ")[0], MESSAGE_WIDTH)
    mended = fault.fixes[0].replace.strip().split("\n")[0] if fault.fixes else ""
    fix = mended or (_fix(fault.hint or "", run.program.source) if run.program else "")
    return Beat(
        "error",
        say("beat.error" if run.program else "beat.error.backward", message=message),
        fix,
        nodes=faulty,
        gradients=gradients,
        line=fault.span.line if fault.span else None,
    )


def _fix(hint: str, source: str | None = None) -> str:
    """What to do, as code where the hint holds some; the page shows the whole hint elsewhere.

    Code about an x that the program has not is an example, which would only puzzle as a formula.

    >>> _fix("say which combination you want: y.backward(torch.ones_like(y)), or y.sum().backward()")
    'y.backward(torch.ones_like(y))'
    >>> _fix("write y = y * 2 instead of y *= 2", "b += 1")
    ''
    """
    code = _CODE.search(hint)
    if code is None:
        return hint if len(hint) <= HINT_WIDTH else ""
    foreign = source is not None and set(_LETTER.findall(code[0])) - set(_LETTER.findall(source))
    return "" if foreign else code[0]


def _listed(items: list[str]) -> str:
    """All of them, or as many as one reads at a glance; what numbers stand in them does not matter.

    >>> _listed([f"model.layers.{number}.weight.grad = [0.5, …, 0.25]" for number in range(3)])
    'model.layers.0.weight.grad = [0.5, …, 0.25], model.layers.1.weight.grad = [0.5, …, 0.25], …'
    """
    few = items if len(items) <= _LISTED else items[: _LISTED - 1]
    while len(few) > 2 and sum(map(_name_width, few)) > _NAMED_WIDTH:
        few = few[:-1]
    return ", ".join(few if len(few) == len(items) else [*few, ELLIPSIS])


def _name_width(item: str) -> int:
    name, equals, _ = item.partition(" = ")
    return len(name) if equals else 0
