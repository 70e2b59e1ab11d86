"""Drag v as a student would: every number follows at once, without the server, and a real pass confirms it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect
from torch.autograd.functional import jacobian

import vizgraph
from tests.browser.player import IDLE, PATIENCE, go, gradient, last_step, numbers, player
from vizgraph.lessons import lesson
from vizgraph.visualization import Visualization

Visit = Callable[..., Page]

SEED = "unknown_outer_function_math"  # y1 = x1*x2*x3, y2 = x1 + x2 + x3, y3 = x1 + x2*x3
FOUR_DIGITS = 6e-4  # numbers are shown with four significant digits
LEAVES = ("x1", "x2", "x3")


def outputs(x1: torch.Tensor, x2: torch.Tensor, x3: torch.Tensor) -> torch.Tensor:
    return torch.stack([x1 * x2 * x3, x1 + x2 + x3, x1 + x2 * x3])


def true_jacobian() -> torch.Tensor:
    point = tuple(torch.tensor(number, dtype=torch.float64) for number in (1.0, 2.0, 3.0))
    return torch.stack(jacobian(outputs, point), dim=1)


def entry(page: Page, label: str) -> Locator:
    return player(page).get_by_role("slider", name=label, exact=True)


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def v(page: Page) -> torch.Tensor:
    """v as it stands in the graph."""
    texts = player(page).locator("[data-role='seed']").all_text_contents()
    return torch.tensor([numbers(text)[0] for text in texts], dtype=torch.float64)


def grads(page: Page) -> list[float]:
    return [numbers(gradient(page, leaf).text_content() or "")[0] for leaf in LEAVES]


def places(page: Page) -> list[Any]:
    """Where every box and label of the drawing is."""
    found: list[Any] = (
        player(page)
        .locator("[data-node], .vg-chip, .vg-entry")
        .evaluate_all(
            "all => all.map(one => { const r = one.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })"
        )
    )
    return found


def frame(page: Page) -> None:
    """Wait until what was changed has been painted."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def take_hold(page: Page, label: str) -> tuple[float, float]:
    box = entry(page, label).bounding_box()
    assert box is not None
    x, y = box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def drag_and_check(page: Page, label: str) -> int:
    """Drag an entry to many places; at each one, the leaves hold v·J. Returns how many v there were."""
    x, y = take_hold(page, label)
    seen = set()
    for dx in (*range(6, 160, 14), *range(150, -120, -30)):
        page.mouse.move(x + dx, y)
        frame(page)
        now = v(page)
        seen.add(tuple(now.tolist()))
        assert grads(page) == pytest.approx((now @ true_jacobian()).tolist(), rel=FOUR_DIGITS, abs=1e-9)
        expect(player(page).locator(".vg-formula > span")).to_have_text(
            ", ".join(f"{leaf}.grad = {gradient(page, leaf).text_content()}" for leaf in LEAVES)
        )
    return len(seen)


# --- in the page ------------------------------------------------------------------


def test_every_number_follows_the_hand_without_a_word_to_the_server_and_a_real_pass_confirms_it(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    sent: list[Any] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda payload: sent.append(payload)))
    page.goto(f"{site}?lesson={SEED}")
    player(page)
    go(page, last_step(page))
    page.wait_for_url(re.compile(f"step={last_step(page)}"))  # it is told once, and has nothing to do with v
    page.wait_for_selector(IDLE)
    before, stood = len(sent), places(page)
    assert before > 0  # the messages of the page are seen at all

    assert drag_and_check(page, "v[0]") > 15
    assert len(sent) == before
    assert places(page) == stood

    page.mouse.up()
    verdict = player(page).locator(".vg-v-said")
    expect(verdict).to_have_text(re.compile("^Confirmed by a real backward pass: .* numbers agree"))
    assert len(sent) > before
    now = v(page)
    assert grads(page) == pytest.approx((now @ true_jacobian()).tolist(), rel=FOUR_DIGITS, abs=1e-9)
    assert places(page) == stood
    expect(page.get_by_role("textbox", name="Upstream gradient of y1")).to_have_value(f"{now[0]:g}")
    assert player(page).get_attribute("data-step") == str(last_step(page))
    context.close()


def test_a_v_of_the_graph_before_a_program_that_can_not_be_read_is_not_said_to_differ(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}", reduced_motion="reduce")
    go(page, last_step(page))
    program(page).fill("y1 = x1*")
    program(page).press("Control+Enter")
    expect(page.locator(".st-key-trouble")).to_be_visible()
    entry(page, "v[0]").press("ArrowUp")
    expect(player(page).locator(".vg-v-said")).to_have_text(re.compile("nothing confirms it"))
    assert grads(page) == pytest.approx((v(page) @ true_jacobian()).tolist(), rel=FOUR_DIGITS)
    assert v(page).tolist() != [0.1, 0.2, 0.3]


def test_the_keyboard_changes_v_and_enter_opens_a_field_for_any_number(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    player(page)
    go(page, last_step(page))
    entry(page, "v[1]").focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    expect(entry(page, "v[1]")).to_have_attribute("aria-valuenow", "0.5")
    assert v(page).tolist() == pytest.approx([0.1, 0.5, 0.3])
    page.keyboard.press("Enter")
    page.keyboard.type("-1/4")
    page.keyboard.press("Enter")
    expect(entry(page, "v[1]")).to_have_attribute("aria-valuenow", "-0.25")
    expect(entry(page, "v[1]")).to_be_focused()
    expect(player(page).locator(".vg-v-said")).to_have_text(re.compile("^Confirmed"))
    assert grads(page) == pytest.approx((v(page) @ true_jacobian()).tolist(), rel=FOUR_DIGITS)
    expect(entry(page, "v[1]")).to_be_focused()


def test_a_finger_drags_v_too(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}", has_touch=True)
    player(page)
    go(page, last_step(page))
    box = entry(page, "v[2]").bounding_box()
    assert box is not None
    x, y = box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    for kind, dx in (("touchStart", 0), ("touchMove", 20), ("touchMove", 60)):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + dx, "y": y}]})
    frame(page)
    assert v(page)[2] > 0.35
    assert grads(page) == pytest.approx((v(page) @ true_jacobian()).tolist(), rel=FOUR_DIGITS)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(player(page).locator(".vg-v-said")).to_have_text(re.compile("^Confirmed"))


def test_a_program_that_places_its_own_v_is_asked_what_if(visit: Visit) -> None:
    page = visit("?lesson=accumulate")
    player(page)
    go(page, last_step(page))
    held = [0.0, 4.0, 8.0, 12.0]  # what the first pass left in x.grad
    entries = player(page).locator(".vg-entry.can-drag")
    expect(entries).to_have_count(1)
    entries.focus()
    page.keyboard.press("PageUp")
    expect(entries).to_have_attribute("aria-valuenow", "2")
    expect(player(page).locator(".vg-v-said")).to_have_text(re.compile("^What if. Line 6"))
    expect(gradient(page, "x")).to_have_text("[2, 6, 10, 14]")
    assert [2.0 + one for one in held] == numbers("[2, 6, 10, 14]")
    player(page).get_by_role("button", name="Reset v").click()
    expect(gradient(page, "x")).to_have_text("[1, 5, 9, 13]")


PASTED = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
y = w * x * x
y.backward(torch.tensor([1.0, 10.0]))
print(x.grad)
"""


def program(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Functions")


def bar(page: Page, name: str) -> Locator:
    return player(page).get_by_role("button", name=name, exact=True)


def test_a_v_that_was_dragged_is_put_into_the_program_and_taken_back(visit: Visit) -> None:
    page = visit(f"?program={quote(PASTED)}")
    player(page)
    go(page, last_step(page))
    stood = places(page)
    expect(bar(page, "Put into code")).to_be_hidden()
    entry(page, "v[1]").focus()
    page.keyboard.press("PageDown")
    expect(entry(page, "v[1]")).to_have_attribute("aria-valuenow", "9")
    expect(program(page)).to_have_value(PASTED)  # until it is asked for
    bar(page, "Put into code").click()
    expect(player(page).locator(".vg-v-said")).to_have_text(re.compile("^Line 5 places this v now"))
    expect(program(page)).to_have_value(PASTED.strip().replace("[1.0, 10.0]", "[1.0, 9.0]"))
    expect(page.get_by_text("tensor([  6., 108.])")).to_be_visible()  # 2·3·1·1 and 2·3·2·9, as PyTorch prints it
    expect(bar(page, "Put into code")).to_be_hidden()
    assert player(page).get_attribute("data-step") == str(last_step(page))
    assert len(places(page)) == len(stood)
    bar(page, "Undo").click()
    expect(program(page)).to_have_value(PASTED)
    expect(page.get_by_text("tensor([  6., 120.])")).to_be_visible()
    expect(bar(page, "Undo")).to_be_hidden()
    assert v(page).tolist() == [1.0, 10.0]


def test_a_v_that_the_program_computes_is_only_asked_what_if(visit: Visit) -> None:
    page = visit(f"?program={quote(PASTED.replace('torch.tensor([1.0, 10.0])', 'y.detach()'))}")
    player(page)
    go(page, last_step(page))
    entry(page, "v[1]").focus()
    page.keyboard.press("ArrowUp")
    expect(player(page).locator(".vg-v-said")).to_have_text(re.compile("^What if. Line 5 computes its own v"))
    expect(bar(page, "Put into code")).to_be_hidden()


def test_a_tensor_of_a_pasted_program_is_dragged_in_the_graph_and_in_its_line(visit: Visit) -> None:
    page = visit(f"?program={quote(PASTED)}")
    player(page)
    go(page, last_step(page))
    stood = places(page)
    x, y = take_value(page, "w")
    for dx in (20, 40):
        page.mouse.move(x + dx, y, steps=3)
    page.mouse.up()
    expect(program(page)).to_have_value(PASTED.strip().replace("tensor(3.0", "tensor(4.0"))
    expect(gradient(page, "x")).to_have_text("[8, 160]")
    expect(player(page).locator(".vg-v-said")).to_have_text("Line 3 of your program has these numbers now.")
    assert places(page) == stood
    assert player(page).get_attribute("data-step") == str(last_step(page))
    bar(page, "Undo").click()  # all of the drag
    expect(program(page)).to_have_value(PASTED)
    expect(gradient(page, "x")).to_have_text("[6, 120]")


# --- in a page that plays offline ---------------------------------------------------


def visualized() -> Visualization:
    one = lesson(SEED)
    assert one is not None
    return vizgraph.visualize(one.program, values=one.values, gradient=one.gradient)


def traced() -> Visualization:
    x1, x2, x3 = (torch.tensor(number, requires_grad=True) for number in (1.0, 2.0, 3.0))
    y = [x1 * x2 * x3, x1 + x2 + x3, x1 + x2 * x3]
    return vizgraph.trace(y, [0.1, 0.2, 0.3], names={"x1": x1, "x2": x2, "x3": x3})


@pytest.mark.parametrize("make", [visualized, traced])
def test_the_exported_page_recomputes_from_the_recorded_jacobian(
    make: Callable[[], Visualization], browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "seed.html"
    make().save(file)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE)
    page.goto(file.as_uri())
    go(page, last_step(page))
    stood = places(page)
    assert drag_and_check(page, "v[1]") > 15
    page.mouse.up()
    expect(player(page).locator(".vg-v-said")).to_have_text(re.compile("^Recomputed from the recorded Jacobian"))
    assert places(page) == stood
    page.close()


def test_whoever_listens_hears_the_numbers_while_v_is_dragged(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "gates.html"
    vizgraph.visualize("q = x + y\nf = q * z", values={"x": -2, "y": 5, "z": -4}).save(file)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri())
    player(page)
    page.evaluate("addEventListener('vizgraph:numbers', event => { window.heard = event.detail; })")
    entry(page, "v").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("window.heard")
    told = page.evaluate("window.heard")
    assert told["v"] == [1.1]
    assert told["view"] == "math"
    assert told["nodes"]["x"] == pytest.approx([-4.4])
    assert told["nodes"]["z"] == pytest.approx([3.3])
    assert sorted(told["edges"]) == ["add_1__mul_1__0", "x__add_1__0", "y__add_1__1", "z__mul_1__1"]
    page.close()


# --- the panel beside v ---------------------------------------------------------------


def opened(page: Page) -> Locator:
    player(page).get_by_role("button", name="Play with v").click()
    return player(page).get_by_role("region", name="Play with v")


def test_a_sweep_over_unit_vectors_builds_the_jacobian_row_by_row_and_leaves_v_as_it_was(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}", reduced_motion="reduce")
    player(page)
    panel = opened(page)
    rows = panel.locator("tbody tr")
    before = v(page).tolist()
    expect(rows.first.locator("td").first).to_have_text("·")
    page.evaluate(
        "window.swept = []; addEventListener('vizgraph:numbers', ({ detail }) => window.swept.push(detail.v))"
    )
    panel.get_by_role("button", name="Build J row by row").click()
    page.wait_for_function("window.swept.length >= 3")
    expect(panel.get_by_role("button", name="Build J row by row")).to_be_visible()  # it was Stop
    assert page.evaluate("window.swept.slice(0, 3)") == torch.eye(3).tolist()
    shown = [[float(cell) for cell in row.locator("td").all_text_contents()] for row in rows.all()]
    assert shown == true_jacobian().tolist()
    assert v(page).tolist() == before


def test_a_sweep_stops_when_somebody_takes_over(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    player(page)
    panel = opened(page)
    before = v(page).tolist()
    panel.get_by_role("button", name="Build J row by row").click()
    expect(player(page)).to_have_attribute("data-playing", "true")
    player(page).get_by_role("button", name="Last step").click()
    expect(panel.get_by_role("button", name="Build J row by row")).to_be_visible()
    assert v(page).tolist() == before
    assert grads(page) == pytest.approx((v(page) @ true_jacobian()).tolist(), rel=FOUR_DIGITS)


def test_the_product_that_backward_is_not_stands_beside_the_one_it_is(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    player(page)
    panel = opened(page)
    panel.get_by_role("button", name="ones").click()
    ones = torch.ones(3, dtype=torch.float64)
    expect(panel.locator("dd").nth(0)).to_have_text("A = 1·y1 + 1·y2 + 1·y3 = 19")
    assert numbers((panel.locator("dd").nth(1).text_content() or "").split("=")[1]) == (ones @ true_jacobian()).tolist()
    assert numbers((panel.locator("dd").nth(2).text_content() or "").split("=")[1]) == (true_jacobian() @ ones).tolist()


def test_an_outer_function_that_is_typed_gives_v_and_its_ghost_graph(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    player(page)
    panel = opened(page)
    panel.get_by_label("Outer function A =").fill("log(y1) + y2*y3")
    panel.get_by_label("Outer function A =").press("Enter")
    expect(panel.locator("figure svg")).to_be_visible()
    assert v(page).tolist() == pytest.approx([1 / 6, 7.0, 6.0], rel=FOUR_DIGITS)
    go(page, last_step(page))
    whole = torch.tensor([1 / 6, 7.0, 6.0], dtype=torch.float64) @ true_jacobian()
    assert grads(page) == pytest.approx(whole.tolist(), rel=FOUR_DIGITS)
    panel.get_by_label("Outer function A =").fill("x1")
    panel.get_by_label("Outer function A =").press("Enter")
    expect(page.get_by_text("the outer function is a function of the outputs alone")).to_be_visible()
    assert grads(page) == pytest.approx(whole.tolist(), rel=FOUR_DIGITS)


def test_a_v_that_was_dragged_stays_with_its_lesson(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    player(page)
    entry(page, "v[0]").focus()
    page.keyboard.press("ArrowUp")
    expect(player(page).locator(".vg-v-said")).to_have_text(re.compile("^Confirmed"))
    other = lesson("sum_of_squares")
    assert other is not None
    page.get_by_role("radio", name=other.title).click()
    expect(player(page).locator(".vg-entry")).to_have_count(1)
    go(page, last_step(page))
    page.wait_for_url(re.compile(f"lesson={other.id}.*step={last_step(page)}"))  # with whatever was told before
    page.wait_for_selector(IDLE)
    assert v(page).tolist() == [1.0]


# --- the values of the inputs -----------------------------------------------------------


def take_value(page: Page, node: str) -> tuple[float, float]:
    box = player(page).locator(f'[data-node="{node}"] .vg-value').bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def truth(x1: float) -> list[float]:
    x = [torch.tensor(number, requires_grad=True) for number in (x1, 2.0, 3.0)]
    (outputs(*x) @ torch.tensor([0.1, 0.2, 0.3])).backward()
    return [float(one.grad) for one in x if one.grad is not None]


def test_a_value_is_dragged_in_the_graph_and_wherever_it_rests_the_numbers_are_new(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    player(page)
    go(page, last_step(page))
    stood = places(page)
    value = player(page).locator('[data-node="x1"] .vg-value')
    x, y = take_value(page, "x1")
    for dx in (40, 80, -60):
        page.mouse.move(x + dx, y)
        now = numbers(value.text_content() or "")[0]
        assert now == pytest.approx(1 + 0.1 * dx / 4)
        wanted = f"{truth(now)[1]:.4g}"  # .grad of x2 depends on x1
        expect(gradient(page, "x2")).to_have_text(wanted)
        assert grads(page) == pytest.approx(truth(now), rel=FOUR_DIGITS)
        expect(field(page, "x1")).to_have_value(f"{now:g}")  # the page has followed: haste has a test of its own
        page.wait_for_selector(IDLE)
    page.mouse.up()
    expect(field(page, "x1")).to_have_value("-0.5")
    assert places(page) == stood
    assert player(page).get_attribute("data-step") == str(last_step(page))


def test_the_last_of_many_values_wins(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    player(page)
    go(page, last_step(page))
    x, y = take_value(page, "x1")
    for step in range(1, 16):
        page.mouse.move(x + 8 * step, y)
        page.wait_for_timeout(70)  # long enough for each to be told, too short for each to be answered
    page.mouse.up()
    expect(field(page, "x1")).to_have_value("4")
    expect(gradient(page, "x2")).to_have_text(f"{truth(4.0)[1]:.4g}")
    page.wait_for_timeout(1000)
    page.wait_for_selector(IDLE)
    expect(player(page).locator('[data-node="x1"] .vg-value')).to_have_text("4")
    assert grads(page) == pytest.approx(truth(4.0), rel=FOUR_DIGITS)


SLOW = """\
slow = 2000 if a < 3 else 1
for i in range(slow):
    i + 1
y = a * b
"""  # the answers to earlier values take longest, so that they would come last


def test_an_answer_to_an_earlier_value_never_comes_after_one_to_a_later(visit: Visit) -> None:
    page = visit(f"?program={quote(SLOW)}&values=a~1~b~2")
    player(page)
    go(page, last_step(page))
    expect(gradient(page, "b")).to_have_text("1")
    gradient(page, "b").evaluate("""text => {
        window.shown = [text.textContent];
        new MutationObserver(() => window.shown.push(text.textContent)).observe(
            text, { childList: true, characterData: true, subtree: true });
    }""")
    x, y = take_value(page, "a")
    for step in range(1, 31):
        page.mouse.move(x + 4 * step, y)  # 0.1 each: from 1 to 4
        page.wait_for_timeout(40)  # a hand that goes on: it rests for the page's 25 ms, and no answer is that fast
    page.mouse.up()
    expect(field(page, "a")).to_have_value("4")
    expect(gradient(page, "b")).to_have_text("4")
    page.wait_for_selector(IDLE)
    seen = [float(text) for text in page.evaluate("window.shown") if text.strip()]
    assert seen == sorted(seen)
    assert seen[-1] == 4.0
    assert gradient(page, "b").text_content() == "4"


def test_one_entry_of_a_vector_is_dragged_where_it_stands(visit: Visit) -> None:
    page = visit("?program=y%20%3D%20x%20*%20x&values=x~%5B1%2C%202%2C%203%5D")
    player(page)
    value = player(page).locator('[data-node="x"] .vg-value')
    expect(value).to_have_text("[1, 2, 3]")
    box = value.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 4.5 / 9, box["y"] + box["height"] / 2  # the fifth of nine characters
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y, steps=3)
    expect(value).to_have_text("[1, 2.5, 3]")
    page.mouse.up()
    expect(field(page, "x")).to_have_value("[1, 2.5, 3]")
    expect(player(page).locator('[data-node="mul_1"] .vg-value')).to_have_text("[1, 6.25, 9]")
