"""A drawing keeps its contract with the player, shows any text as text, and can be read in light and dark."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vizgraph.drawing.svg
from tests.drawn import Drawn, chain, detached, gates, node, squared
from vizgraph import visualize
from vizgraph.drawing import dot, layout, svg
from vizgraph.model import Beat, Graph, Timeline, View
from vizgraph.notation import metrics

NAMESPACE = "{http://www.w3.org/2000/svg}"
ALL = {"gates": gates(), "engine": gates("engine"), "detached": detached(), "squared": squared(), "hub": chain(100)}
WEB = Path(vizgraph.__file__).with_name("web")
STYLE = (WEB / "drawing.css").read_text(encoding="utf-8")


def drawing(drawn: Drawn) -> ElementTree.Element:
    return ElementTree.fromstring(svg.draw(*drawn, layout.rows(dot.write(*drawn))).svg)


def picture(drawn: Drawn) -> ElementTree.Element:
    return ElementTree.fromstring(svg.static(*drawn, layout.rows(dot.write(*drawn))))


def groups(root: ElementTree.Element, attribute: str) -> dict[str, ElementTree.Element]:
    return {group.attrib[attribute]: group for group in root.iter() if attribute in group.attrib}


def role(group: ElementTree.Element, name: str) -> str | None:
    """The text of that role in the group, None where there is no such element."""
    found = group.find(f".//*[@data-role='{name}']")
    return None if found is None else found.text or ""


@pytest.mark.parametrize("name", ALL)
def test_every_node_and_edge_of_the_graph_is_drawn(name: str) -> None:
    graph = ALL[name][0].graph
    root = drawing(ALL[name])
    assert set(groups(root, "data-node")) == {one.id for one in graph.nodes}
    ends = {
        id: (group.attrib["data-source"], group.attrib["data-target"])
        for id, group in groups(root, "data-edge").items()
    }
    assert ends == {edge.id: (edge.source, edge.target) for edge in graph.edges}


@pytest.mark.parametrize("name", ALL)
def test_only_allowed_elements_and_attributes_are_used(name: str) -> None:
    for element in drawing(ALL[name]).iter():
        assert element.tag.removeprefix(NAMESPACE) in svg.ELEMENTS
        assert all(key in svg.ATTRIBUTES or key.startswith("data-") for key in element.attrib)


def test_the_player_lets_everything_through_that_a_drawing_may_hold() -> None:
    player = (WEB / "safe.js").read_text(encoding="utf-8")
    for name, allowed in (("ELEMENTS", svg.ELEMENTS), ("ATTRIBUTES", svg.ATTRIBUTES)):
        listed = player.split(f"const {name} = new Set([", 1)[1].split("])", 1)[0]
        assert allowed <= set(re.findall(r'"([^"]+)"', listed))


def test_the_player_fills_the_texts_of_the_backward_pass() -> None:
    root = drawing(gates())
    assert {id: role(group, "gradient") for id, group in groups(root, "data-node").items()} == dict.fromkeys(
        ("x", "y", "z", "add_1", "mul_1"), ""
    )
    assert {id: role(group, "contribution") for id, group in groups(root, "data-edge").items()} == dict.fromkeys(
        ("e1", "e2", "e3", "e4"), ""
    )


def test_the_finished_picture_shows_every_final_number() -> None:
    root = picture(gates())
    gradients = {id: role(group, "gradient") for id, group in groups(root, "data-node").items()}
    contributions = {id: role(group, "contribution") for id, group in groups(root, "data-edge").items()}
    assert gradients == {"x": "-4", "y": "-4", "z": "3", "add_1": "-4", "mul_1": "1"}
    assert contributions == {"e1": "-4", "e2": "-4", "e3": "-4", "e4": "3"}


def test_the_finished_picture_has_no_empty_chip() -> None:
    view, timeline = gates()
    again = Timeline((*timeline.beats, Beat("seed", "", "", gradients=(("mul_1", "2"),), clears=True)))
    assert not [part for part in picture((view, again)).iter() if part.get("class") == "vg-chip"]


def test_kinds_outputs_and_still_edges_carry_their_classes() -> None:
    root = drawing(detached())
    classes = {id: group.attrib["class"] for id, group in groups(root, "data-node").items()}
    assert classes["x"] == "vg-node vg-leaf"
    assert classes["two"] == "vg-node vg-constant"
    assert classes["detach_1"] == "vg-node vg-cut"
    assert classes["mul_3"] == "vg-node vg-output is-output"
    still = {id for id, group in groups(root, "data-edge").items() if "is-still" in group.attrib["class"]}
    assert still == {"e1", "e2", "e3", "e4", "e5", "e6"}


def test_a_cut_shows_scissors_and_nothing_else_does() -> None:
    root = drawing(detached())
    cut = {id for id, group in groups(root, "data-node").items() if group.find("*[@class='vg-scissors']") is not None}
    assert cut == {"detach_1"}


def test_an_edge_holds_its_line_arrow_chip_and_a_wide_target_for_the_mouse() -> None:
    edge = groups(drawing(gates()), "data-edge")["e3"]
    assert [part.attrib["class"] for part in edge] == [
        "vg-hit",
        "vg-line",
        "vg-arrow",
        "vg-back",
        "vg-chip",
        "vg-contribution",
    ]


def test_an_edge_without_numbers_has_no_chip() -> None:
    still = groups(drawing(detached()), "data-edge")["e1"]
    assert still.find("*[@class='vg-chip']") is None


def test_a_screen_reader_hears_name_operation_and_value() -> None:
    spoken = groups(drawing(gates()), "data-node")["mul_1"]
    assert spoken.attrib["aria-label"] == "f = q * z, mul, -12"
    assert spoken.attrib["tabindex"] == "0"


def test_the_name_stands_out_from_its_formula() -> None:
    title = groups(drawing(gates()), "data-node")["mul_1"].find("*[@class='vg-name']")
    assert title is not None
    assert "".join(title.itertext()) == "f = q * z"
    assert [part.text for part in title] == ["f"]


def test_lines_start_and_end_where_the_layout_says() -> None:
    drawn = gates()
    placed = layout.rows(dot.write(*drawn))
    root = ElementTree.fromstring(svg.draw(*drawn, placed).svg)
    for route in placed.routes:
        line = groups(root, "data-edge")[route.id].find("*[@class='vg-hit']")
        assert line is not None
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", line.attrib["d"])]
        assert numbers[:2] == pytest.approx(route.points[0], abs=0.01)
        assert numbers[-2:] == pytest.approx(route.points[-1], abs=0.01)


@given(st.text(), st.text(), st.text())
def test_any_text_is_shown_as_text(name: str, expression: str, gradient: str) -> None:
    made = node("m", name=name, expression=expression)
    view = View("math", Graph((made,), (), ("m",)), (), ())
    timeline = Timeline((Beat("s", "", "", gradients=(("m", gradient),)),))
    placed = layout.rows(dot.write(view, timeline))
    for text in (svg.draw(view, timeline, placed).svg, svg.static(view, timeline, placed)):
        root = ElementTree.fromstring(text)
        assert {element.tag.removeprefix(NAMESPACE) for element in root.iter()} <= svg.ELEMENTS | {"style"}
        assert not any(key.startswith("on") or key == "style" for element in root.iter() for key in element.attrib)
    assert role(root, "gradient") == metrics.clean(gradient)


@given(st.text(min_size=1))
def test_any_id_comes_back_from_its_attribute(id: str) -> None:
    view = View("math", Graph((node(id),), (), ()), (), ())
    (found,) = groups(drawing((view, Timeline(()))), "data-node")
    assert found == metrics.clean(id)


@pytest.mark.parametrize("name", ALL)
def test_every_text_fits_its_box(name: str) -> None:
    root = picture(ALL[name])
    for group in groups(root, "data-node").values():
        box = next(group.iter(f"{NAMESPACE}rect")).attrib
        left, right = float(box["x"]), float(box["x"]) + float(box["width"])
        for text in group.iter(f"{NAMESPACE}text"):
            length = metrics.width("".join(text.itertext()), 13)
            x = float(text.attrib["x"])
            start = x - length if text.attrib.get("text-anchor") == "end" else x
            assert left < start
            assert start + length < right


def test_the_file_needs_nothing_but_itself() -> None:
    text = svg.static(*gates(), layout.rows(dot.write(*gates())))
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert ".vg-leaf .vg-box{" in style
    assert "var(" not in style
    assert "--" not in style
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "url(" not in text


def test_the_same_input_gives_the_same_bytes() -> None:
    placed = layout.rows(dot.write(*gates()))
    assert svg.static(*gates(), placed) == svg.static(*gates(), replace(placed))


# --- colours ---------------------------------------------------------------------


def theme(start: str) -> dict[str, str]:
    """The colours of the rule that starts so."""
    body = STYLE.split(f"\n{start} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--vg-([\w-]+):\s*(#\w{6});", body))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""

    def luminance(colour: str) -> float:
        shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXTS = [  # what is written on what
    ("ink", "box"), ("ink", "leaf-box"), ("faint", "box"), ("faint", "band"), ("faint", "leaf-box"),
    ("faint", "leaf-band"), ("faint", "constant"), ("leaf", "leaf-box"), ("gradient", "band"),
    ("gradient", "leaf-band"), ("gradient", "gradient-box"), ("faint", "gradient-box"),
]  # fmt: skip
LINES = [("wire", "paper"), ("leaf", "paper"), ("gradient", "paper"), ("faint", "paper")]


@pytest.mark.parametrize("start", [".vg-drawing", '[data-theme="dark"] .vg-drawing'])
def test_every_text_has_the_contrast_of_wcag_aa(start: str) -> None:
    colours = theme(start)
    assert {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in TEXTS if contrast(
        colours[pair[0]], colours[pair[1]]) < 4.5} == {}  # fmt: skip


@pytest.mark.parametrize("start", [".vg-drawing", '[data-theme="dark"] .vg-drawing'])
def test_every_line_has_the_contrast_of_a_graphical_object(start: str) -> None:
    colours = theme(start)
    assert {pair for pair in LINES if contrast(colours[pair[0]], colours[pair[1]]) < 3} == set()


def test_light_and_dark_define_the_same_colours() -> None:
    assert theme(".vg-drawing").keys() == theme('[data-theme="dark"] .vg-drawing').keys()


def test_what_an_error_is_about_has_a_class_and_a_sign_of_its_own() -> None:
    picture = visualize("import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\ny.backward()")
    marked = re.findall(r'<g class="([^"]*)" data-node="(\w+)"', picture.drawings["math"].svg)
    assert [id for classes, id in marked if "is-faulty" in classes.split()] == ["mul_1"]
    assert picture.svg().count('class="vg-warning"') == 1
