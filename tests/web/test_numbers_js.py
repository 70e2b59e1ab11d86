"""The page writes numbers and fills the holes of texts exactly as Python writes them."""

from __future__ import annotations

import json
import math
import random
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

import vizgraph
from vizgraph import lessons
from vizgraph.model import Value
from vizgraph.notation.numbers import brief, show

HERE = Path(__file__).parent
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed")

BRIEF = 'const { brief } = await import("URL"); answer(read().map(Number).map(brief));'
SHOW = 'const { show } = await import("URL"); answer(read().map(([value, width]) => show(value, width, WORDS)));'
TOLD = """
const { Follower } = await import("URL");
answer(read().map(({ view, words, vs }) => {
  const follower = new Follower(view, words);
  follower.follow(new Map(vs.map(([pass, v]) => [Number(pass), v])));
  const cards = ["nodes", "edges"].flatMap((kind) => Object.keys(view[kind]).map((id) => follower.card(kind, id)));
  return { beats: follower.beats, cards };
}));
"""


def node(program: str, module: str, data: Any, tmp_path: Path) -> Any:
    """What a program answers to data; numbers travel with all their digits."""
    assert NODE is not None
    url = (HERE.parents[1] / "vizgraph" / "web" / module).as_uri()
    words = json.dumps({"number.entries": "{count} entries", "number.all": "{shape}, all {number}"})
    (tmp_path / "data.json").write_text(json.dumps(data), encoding="utf-8")
    script = f"""
    import {{ readFileSync, writeFileSync }} from "node:fs";
    const WORDS = {words};
    const read = () => JSON.parse(readFileSync("data.json", "utf-8"));
    const answer = (found) => writeFileSync("answer.json", JSON.stringify(found));
    {program.replace("URL", url)}
    """
    (tmp_path / "run.mjs").write_text(script, encoding="utf-8")
    subprocess.run([NODE, "run.mjs"], cwd=tmp_path, check=True, timeout=120)
    return json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))


def numbers() -> list[float]:
    """Every power of ten around what people meet, ties between two digits, floats of 32 and 64 bits."""
    chance = random.Random(4)
    found = [0.0, 1.0, -1.0, 0.5, 999.5, 999.95, 9999.5, 999999.5, 1e6, 1e-5, 0.0001, 0.00012345, 1e15, 1e300, 5e-324]
    found += [sign * (whole + half) for sign in (1, -1) for whole in range(1000, 1040) for half in (0.5, 0.25)]
    found += [digits / 2**power for digits in range(1, 2000, 7) for power in (3, 5, 9, 13)]  # exact: many are ties
    found += [chance.uniform(-1, 1) * 10.0 ** chance.randint(-9, 9) for _ in range(6000)]
    found += [struct.unpack("f", struct.pack("f", number))[0] for number in found if abs(number) < 1e30]
    found += [round(chance.uniform(-99, 99), 4) for _ in range(3000)]
    return found


def test_numbers_are_written_as_python_writes_them(tmp_path: Path) -> None:
    asked = numbers()
    assert len(asked) > 15_000
    assert node(BRIEF, "numbers.js", [repr(number) for number in asked], tmp_path) == [brief(one) for one in asked]


def test_numbers_that_are_none_have_their_names(tmp_path: Path) -> None:
    assert node(BRIEF, "numbers.js", ["NaN", "Infinity", "-Infinity"], tmp_path) == ["nan", "inf", "-inf"]


def test_tensors_are_written_as_python_writes_them(tmp_path: Path) -> None:
    chance = random.Random(5)
    asked: list[tuple[Value, int]] = []
    for shape in [(), (1,), (2,), (3,), (7,), (30,), (2, 2), (1, 5), (3, 4), (8, 8), (2, 2, 2), (0,)]:
        for width in (14, 24, 28, 40, 600):
            for digits in (0, 1, 4):
                entries = tuple(round(chance.uniform(-20, 20), digits) for _ in range(math.prod(shape)))
                asked += [(Value(shape, "float32", entries), width)]
                asked += [(Value(shape, "float32", (2.5,) * len(entries)), width)]
    data = [({"shape": value.shape, "entries": value.entries}, width) for value, width in asked]
    assert node(SHOW, "numbers.js", data, tmp_path) == [show(value, width) for value, width in asked]


def pictures() -> list[vizgraph.Visualization]:
    own = lessons.lessons()
    made = [(one.program, one.values, one.requires_grad, one.gradient) for one in own]
    return [
        vizgraph.visualize(program, values=values, requires_grad=leaves, gradient=gradient)
        for program, values, leaves, gradient in made
    ]


def told(views: list[dict[str, Any]], words: dict[str, str], vs: list[dict[int, list[float]]], tmp_path: Path) -> Any:
    """Beats and cards as the page tells them for other v."""
    data = [{"view": view, "words": words, "vs": list(v.items())} for view, v in zip(views, vs, strict=True)]
    return node(TOLD, "vector.js", data, tmp_path)


def test_the_page_fills_every_text_as_python_wrote_it(tmp_path: Path) -> None:
    """For the v that the engine had: what differs would be a slip in one of the two writers."""
    payloads = [picture.payload() for picture in pictures()]
    views = [view for payload in payloads for view in payload["views"].values() if view["live"]]
    assert len(views) >= 30
    # A v that is given again counts as another one: the page computes everything anew.
    same = [{i: one["v"] for i, one in enumerate(view["live"]["passes"]) if one} for view in views]
    for view, found in zip(views, told(views, payloads[0]["words"], same, tmp_path), strict=True):
        assert found["beats"] == view["beats"]
        cards = [*view["nodes"].values(), *view["edges"].values()]
        assert list(map(lean, found["cards"])) == list(map(lean, cards))


def lean(card: dict[str, Any]) -> dict[str, Any]:
    """A card whose histories name a text only where it becomes another one; how it breaks into lines is no news."""
    return {
        **card,
        "rows": [[label, changes(text) if isinstance(text, list) else text] for label, text in card["rows"]],
    }


def changes(history: list[list[Any]]) -> list[list[Any]]:
    texts = [[step, text and " ".join(text.split())] for step, text in history]
    return [one for before, one in zip([[None, ""], *texts], texts, strict=False) if before[1] != one[1]]


def test_the_page_tells_another_v_as_python_tells_it_after_a_real_backward_pass(tmp_path: Path) -> None:
    chance = random.Random(9)
    views, vs, expected = [], [], []
    for one in lessons.lessons():
        given = {"values": one.values, "requires_grad": one.requires_grad}
        picture = vizgraph.visualize(one.program, gradient=one.gradient, **given)
        if picture.run.passes and picture.run.passes[0].span is None:
            seeds = picture.run.passes[0].seeds
            flat = [[round(chance.uniform(-3, 3), 1) for _ in seed.gradient.entries or ()] for seed in seeds]
            again = [nested(v, seed.gradient.shape) for v, seed in zip(flat, seeds, strict=True)]
            other = vizgraph.visualize(one.program, gradient=again if len(seeds) > 1 else again[0], **given)
            for name, view in picture.payload()["views"].items():
                views.append(view)
                vs.append({0: [entry for v in flat for entry in v]})
                expected.append(other.payload()["views"][name])
    assert len(views) >= 4
    words = pictures()[0].payload()["words"]
    for view, found in zip(expected, told(views, words, vs, tmp_path), strict=True):
        for told_beat, beat in zip(found["beats"], view["beats"], strict=True):
            assert told_beat == beat


def nested(flat: list[float], shape: tuple[int, ...]) -> Any:
    if not shape:
        return flat[0]
    step = len(flat) // shape[0]
    return [nested(flat[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]
