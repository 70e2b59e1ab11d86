import re
import string
from pathlib import Path

import pytest

from vizgraph.texts import say, words

SOURCES = Path(__file__).parent.parent / "vizgraph"


def test_values_are_data_even_with_braces_in_them() -> None:
    assert say("beat.error", message="{key} {0} %s") == "The program stops: {key} {0} %s"


def test_every_template_can_be_filled_by_name() -> None:
    for key, template in words().items():
        fields = [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]
        assert all(field.isidentifier() for field in fields), key


def test_no_sentence_exclaims_and_each_beat_ends_with_a_full_stop() -> None:
    for key, template in words().items():
        assert "!" not in template, key
        if key.startswith("beat.") and key not in ("beat.error", "beat.seed.again"):
            assert template.endswith("."), key


def test_an_unknown_key_is_an_error_of_the_programmer() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        say("no.such.key")


def test_every_beat_template_is_said_somewhere() -> None:
    code = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in ("timeline.py", "journey.py", "tour.py"))
    said = set(re.findall(r'"(beat\.[a-z.]+)"', code))
    families = set(re.findall(r'f"(beat\.[a-z]+)\.\{', code))
    for key in words():
        if key.startswith("beat."):
            assert key in said or key.rpartition(".")[0] in families, key
