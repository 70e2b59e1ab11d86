import re
import string
from pathlib import Path

import pytest

from vizgraph.texts import ENGLISH, LANGUAGES, phrase, say, speaking, spoken, words, written

SOURCES = Path(__file__).parent.parent / "vizgraph"


def test_values_are_data_even_with_braces_in_them() -> None:
    assert say("beat.error", message="{key} {0} %s") == "The program stops: {key} {0} %s"


def test_every_template_can_be_filled_by_name() -> None:
    for key, template in words().items():
        fields = [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]
        assert all(field.isidentifier() for field in fields), key


def fields(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_with_the_same_placeholders(language: str) -> None:
    english, other = written(ENGLISH), written(language)
    assert set(other) == set(english)
    assert {key: fields(text) for key, text in other.items()} == {key: fields(text) for key, text in english.items()}


# What is written alike in every language: names of PyTorch, signs.
ALIKE = {
    "card.grad_fn", "card.dtype", "card.edge", "page.requires_grad", "page.preset.one_hot", "board.heat.entry",
    "board.check.autograd", "group.span",
}  # fmt: skip


def test_chinese_is_written_in_chinese() -> None:
    assert {key for key, text in written("zh").items() if not re.search(r"[\u4e00-\u9fff]", text)} == ALIKE


def test_no_chinese_sentence_is_punctuated_as_english() -> None:
    for key, text in written("zh").items():
        plain = re.sub(r"[!-~]+", "x", text)  # what is code keeps its signs
        assert "。." not in text, key
        assert not re.search(r"[\u4e00-\u9fff][,;?!]|[\u4e00-\u9fff]\.$", plain), key
        if key.startswith("beat.") and key not in (
            "beat.error",
            "beat.error.backward",
            "beat.seed.again",
            "beat.reach",
        ):
            assert text.endswith("。"), key


def test_what_is_said_is_said_in_the_language_of_the_block() -> None:
    with speaking("zh"):
        assert say("player.next") == "下一步"
        assert spoken() == "zh"
    assert say("player.next") == "Next step"
    with speaking("klingon"):
        assert spoken() == ENGLISH


def test_a_key_that_a_language_lacks_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(written("zh"), "player.next")
    words.cache_clear()
    assert say("player.next", "zh") == "Next step"
    words.cache_clear()


def test_a_phrase_that_nobody_has_translated_stays() -> None:
    with speaking("zh"):
        assert phrase("something nobody ever said") == "something nobody ever said"
    assert phrase("import of os is not in the language") == "import of os is not in the language"


def test_no_sentence_exclaims_and_each_beat_ends_with_a_full_stop() -> None:
    for key, template in words().items():
        assert "!" not in template, key
        if key.startswith("beat.") and key not in ("beat.error", "beat.error.backward", "beat.seed.again"):
            assert template.endswith("."), key


def test_an_unknown_key_is_an_error_of_the_programmer() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        say("no.such.key")


def test_every_beat_template_is_said_somewhere() -> None:
    told = [SOURCES / "telling" / name for name in ("timeline.py", "journey.py", "tour.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in told)
    said = set(re.findall(r'"(beat\.[a-z.]+)"', code))
    families = set(re.findall(r'f"(beat\.[a-z]+)\.\{', code))
    for key in words():
        if key.startswith("beat."):
            assert key in said or key.rpartition(".")[0] in families, key
