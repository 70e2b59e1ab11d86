"""A text takes the room that a monospace font takes."""

from hypothesis import given
from hypothesis import strategies as st

from vizgraph.notation import metrics


def test_chinese_takes_two_cells_a_character() -> None:
    assert metrics.cells("梯度 = 1.1") == 10


def test_thirteen_points_make_a_cell_of_7_8() -> None:
    assert metrics.width("0123456789", 13) == 78


@given(st.text(), st.integers(1, 40))
def test_a_shortened_text_fits_and_begins_like_the_whole(text: str, room: int) -> None:
    short = metrics.shorten(text, room)
    assert metrics.cells(short) <= room or short == text
    assert text.startswith(short.removesuffix("…").rstrip()) or short == text


@given(st.text())
def test_a_clean_text_is_legal_xml_on_one_line(text: str) -> None:
    from xml.etree import ElementTree

    cleaned = metrics.clean(text)
    root = ElementTree.Element("t")
    root.text = cleaned
    assert (ElementTree.fromstring(ElementTree.tostring(root, "unicode")).text or "") == cleaned
    assert "\n" not in cleaned
