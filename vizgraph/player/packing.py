"""Pack the insides of groups into the data of a view, as many as there is room for, and what a search finds."""

from __future__ import annotations

import base64
import json
import math
import time
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from vizgraph import limits
from vizgraph.drawing.pictures import Picture, Scene
from vizgraph.model import Drawing, Node
from vizgraph.player.payload import view_data

INSIDES: Final = 1_500_000  # characters of insides in a file, both views together
LEVELS: Final = 64  # insides of one view at most, so that a file is made in seconds
MODEL: Final = 2_000  # nodes of a view that is no larger than most models
MODEL_LEVELS: Final = 192  # the same of such a view: its insides are small
FOUND: Final = 6_000  # nodes that a search finds one by one; beyond, it finds their group
BATCH: Final = 24  # insides that are placed together


def pack(
    picture: Picture, room: int, asked: Sequence[str] = (), language: str = "en", until: float = math.inf,
    about: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The insides that are asked for, then, as long as there is room, all others, the outer ones first.

    Given a moment ``until`` of `time.monotonic`, no others are begun after it, and few before: whoever waits can ask
    for them later.

    Nothing for a view that is drawn whole. ``groups`` holds data as of a view, deflated and in base 64, by the
    group's id: each beat has in ``at`` the beat of the level around before which it comes; ``held`` is what
    stands on leaves at the start.
    ``index`` lists [id, words, id of the group around or null] of what is not drawn at first, the nodes ``about``
    which there is something to say before others.
    """
    if picture.outline is None:
        return {}
    asked = picture.around(asked)
    packed: dict[str, str] = {}
    for group, scene, drawing in picture.insides(asked):
        packed[group] = _inside(scene, drawing, language)
    room -= sum(map(len, packed.values()))
    waiting = [group for group in picture.groups() if group not in packed]
    every = LEVELS if len(picture.nodes) > MODEL else MODEL_LEVELS
    most, batch = (every, BATCH) if until == math.inf else (limits.PACKED_GROUPS, 1)
    for start in range(0, min(len(waiting), most), batch):
        if room <= 0 or time.monotonic() >= until:
            break
        for group, scene, drawing in picture.insides(waiting[start : start + batch]):
            data = _inside(scene, drawing, language)
            room -= len(data)
            if room < 0:
                break
            packed[group] = data
    return {"groups": packed, "index": list(_index(picture, about))}


def _inside(scene: Scene, drawing: Drawing, language: str) -> str:
    assert scene.told is not None  # a level of an outline always is told
    data = view_data(scene.view, scene.timeline, drawing, language, scene.told.passes)
    for beat, at in zip(data["beats"], scene.told.at, strict=True):
        beat["at"] = at
    data["seeds"], data["live"] = [], None
    data["held"] = dict(scene.told.held)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _index(picture: Picture, about: Sequence[str]) -> Iterator[list[str | None]]:
    outline = picture.outline
    assert outline is not None  # see pack
    nodes = {node.id: node for node in picture.nodes}
    for group in picture.groups():
        yield [group, outline.groups[group].title, outline.parent[group]]
    inner = dict.fromkeys((*about, *outline.parent))
    hidden = ((id, around) for id in inner if (around := outline.parent.get(id)) is not None and id in nodes)
    for id, around in islice(hidden, FOUND):
        yield [id, _words(nodes[id]), around]


def _words(node: Node) -> str:
    """What a search finds a node by."""
    words = (node.name, node.operation if node.kind != "leaf" else None, node.module)
    return " ".join(dict.fromkeys(word for word in words if word))
