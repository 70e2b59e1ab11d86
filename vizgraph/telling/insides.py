"""Say on a card what autograd holds of one function: saved tensors, slices, views, sums, hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vizgraph.model import Inside, Node, Saved, Value
from vizgraph.notation.numbers import UNEVEN, show

Say = Callable[..., str]


def rows(node: Node, caption: Callable[[str], str | None], say: Say) -> Iterator[list[str]]:
    """Label and text of everything that there is to say; ``caption`` names a node, None for one that is not here."""
    found = node.inside
    if found is None:
        return
    base = caption(found.base) if found.base else None
    facts = {
        "card.custom": say("card.custom.is") if found.custom else None,
        "card.results": "\n".join(_results(found)),
        "card.writes": found.writes,
        "card.wraps": found.wraps,
        "card.base": base,
        "card.version": str(found.version) if found.version else None,
        "card.retains": say("card.retains.is") if found.retains else None,
        "card.saved": "\n".join(_saved(one, say) for one in found.saved),
        "card.summed": "\n".join(
            say("card.summed.is", slot=str(one.slot), source=_shape(one.source, say), target=_shape(one.target, say))
            for one in found.summed
        ),
    }
    for key, fact in facts.items():
        if fact:
            yield [say(key), fact]


def hooked(before: Value, after: Value | None, width: int, say: Say) -> list[str]:
    """A hook made something else of what arrived."""
    return [
        say("card.hook"),
        say("card.hook.is", before=show(before, width), after=show(after, width) if after else ""),
    ]


def _results(found: Inside) -> Iterator[str]:
    for number, one in enumerate(found.results):
        yield f"[{number}] {'×'.join(map(str, one.shape))} {one.dtype}" if one else f"[{number}]"


def _saved(one: Saved, say: Say) -> str:
    parts = [f"{_shape(one.shape, say)} {one.dtype}"] if one.shape is not None else []
    if one.bytes is not None:
        parts.append(f"{one.bytes:,} B")
    if one.version:
        parts.append(say("card.saved.version", version=str(one.version)))
    if one.state != "kept":
        parts.append(say(f"card.saved.{one.state}"))
    return f"{one.name}: {', '.join(parts)}"


def _shape(shape: tuple[int, ...], say: Say) -> str:
    return "×".join(str(size) if size >= 0 else UNEVEN for size in shape) or say("card.scalar")
