"""The fuzzer finds what is planted, names the input that did it, and finds nothing in what we have."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz import corpus, mutate

ROOT = Path(__file__).parents[2]
PLANTED = {
    "file": "open", "socket": "socket.", "process": "subprocess.", "environment": "os.", "code": "compile",
    "crash": "crash", "state": "state changed", "bug": "KeyError", "traceback": "shows", "place": "line 7",
}  # fmt: skip
HUNT = """
import json, sys
from pathlib import Path
from fuzz.hunt import Hunt
from fuzz.mutate import Recorded
words = json.loads(sys.argv[1])
jobs = [{"source": word, "values": {}, "requires_grad": None, "gradient": None, "want": ["form"]} for word in words]
hunt = Hunt(Recorded(jobs), Path(sys.argv[2]), "tests.fuzz.escaping:stages")
hunt.run(0, len(jobs), float("inf"))
print(json.dumps([hunt.failures, hunt.stopped]))
"""


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def hunted(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[int]]:
    words = ["harmless", *PLANTED, "endless", "table"]
    said = run("-c", HUNT, json.dumps(words), str(tmp_path_factory.mktemp("kept"))).splitlines()[-1]
    failures, stopped = json.loads(said)
    return failures, stopped


@pytest.mark.parametrize("word", PLANTED)
def test_what_no_program_may_do_is_found_and_attributed(word: str, hunted: tuple[list[str], list[int]]) -> None:
    number = [*PLANTED].index(word) + 1
    assert any(one.startswith(f"{number}: ") and PLANTED[word] in one for one in hunted[0]), hunted


def test_a_changed_table_is_found(hunted: tuple[list[str], list[int]]) -> None:
    assert any("functions.CONSTANTS was changed" in one for one in hunted[0])


def test_what_works_for_more_than_two_seconds_is_stopped(hunted: tuple[list[str], list[int]]) -> None:
    assert hunted[1] == [len(PLANTED) + 1]


def test_what_is_harmless_is_no_failure(hunted: tuple[list[str], list[int]]) -> None:
    assert not any(one.startswith("0: ") and "batch" not in one for one in hunted[0])


def test_the_seed_and_the_number_tell_the_input() -> None:
    seeds = corpus.collect()
    jobs = [mutate.Mutator(seeds, 3).job(number) for number in range(200)]
    assert jobs == [mutate.Mutator(seeds, 3).job(number) for number in range(200)]
    assert len({job["source"] for job in jobs}) > 120


def test_a_thousand_inputs_do_no_harm(tmp_path: Path) -> None:
    said = run("-m", "fuzz", "--inputs", "1000", "--seed", "7")
    assert "failures: 0" in said, said
    assert "1,000 inputs" in said
