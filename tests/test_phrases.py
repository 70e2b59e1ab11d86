"""Hold the Chinese refusals to the code: each English sentence still stands there, and refusals do come out Chinese."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from tests.engine.evaluation.test_faults import REFUSED
from vizgraph import pipeline
from vizgraph.texts import phrase, speaking
from vizgraph.worker.sentences import REASONS, failure, refusal

ROOT = Path(__file__).parent.parent / "vizgraph"
PHRASES: dict[str, str] = json.loads((ROOT / "texts" / "phrases.zh.json").read_text(encoding="utf-8"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def literals() -> str:
    """Every text in the code, as Python joins it, with a gap where a value is filled in."""
    found: list[str] = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
                found.append("".join(map(str, parts)))
    return "\n".join(found)


CODE = literals()


@pytest.mark.parametrize("english", PHRASES)
def test_every_sentence_still_stands_in_the_code(english: str) -> None:
    longest = max(re.split(r"\{\w+\}", english), key=len)
    assert longest.strip() in CODE


@pytest.mark.parametrize(("english", "chinese"), PHRASES.items())
def test_a_sentence_keeps_its_values(english: str, chinese: str) -> None:
    names = re.findall(r"\{(\w+)\}", english)
    assert sorted(set(names)) == sorted(set(re.findall(r"\{(\w+)\}", chinese)))
    filled = english.format_map({name: f"q{place}" for place, name in enumerate(names)})
    with speaking("zh"):
        said = phrase(filled)
    assert CHINESE.search(said)
    assert all(f"q{place}" in said for place in range(len(names)))


@pytest.mark.parametrize("source", [source for source, *_ in REFUSED.values()], ids=REFUSED.keys())
def test_what_is_refused_is_refused_in_chinese(source: str) -> None:
    ((stage, data),) = pipeline.stages({"source": source, "language": "zh"})
    assert stage == "refused"
    assert CHINESE.search(data["message"]), data["message"]


@pytest.mark.parametrize("reason", REASONS)
def test_a_job_that_was_stopped_says_so_in_chinese(reason: str) -> None:
    with speaking("zh"):
        for told in (refusal(reason), failure("player", reason)):
            assert CHINESE.search(phrase(told["message"])), told
            assert CHINESE.search(phrase(told["hint"])), told


def test_the_sentence_of_pytorch_stays_as_it_is() -> None:
    stages = dict(pipeline.stages({"source": "import torch\nx = torch.ones(2, requires_grad=True)\n(x * 2).backward()",
                                   "language": "zh", "want": ["form"]}))  # fmt: skip
    error = stages["form"]["error"]
    assert error["message"].startswith("grad can be implicitly created only for scalar outputs")
    assert CHINESE.search(error["why"])
    assert CHINESE.search(error["hint"])
