"""Results in the cells of a real Jupyter Lab: they play, alone and offline, and are there when it is opened again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import torch
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from torch import nn

from tests.browser.jupyter import PATIENCE, Lab, choose, served, shown
from tests.browser.player import numbers

LESSON = """
import torch, vizgraph
x1, x2, x3 = (torch.tensor(number, requires_grad=True) for number in (1.0, 2.0, 3.0))
y = torch.randn(3)
y[0] = x1 * x2 * x3
y[1] = x1 + x2 + x3
y[2] = x1 + x2 * x3
vizgraph.trace(y, torch.tensor([0.1, 0.2, 0.3]))
"""
MODEL = """
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1))
with vizgraph.record(model) as recording:
    loss = model(torch.ones(3, 2)).square().mean()
recording.trace(loss)
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with served(tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@dataclass
class Sitting:
    """A person's page with the notebook, and what its browser was asked for and said."""

    page: Page
    notebook: Locator
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def sitting(browser: Browser, lab: Lab) -> Iterator[Sitting]:
    """A notebook with two cells, both run; the system prefers light."""
    lab.write("play.ipynb", [LESSON, MODEL])
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, color_scheme="light")
    page.set_default_timeout(PATIENCE)
    one = Sitting(page, page.locator("body"))
    page.on("request", lambda request: one.asked.append(request.url))
    page.on("console", lambda message: one.said.append(f"{message.location['url']} {message.type}: {message.text}"))
    page.on("pageerror", lambda error: one.said.append(str(error.stack or error)))
    one.notebook = lab.open(page, "play.ipynb")
    choose(page, "Run", "Run All Cells")
    for cell in (0, 1):
        shown(one.notebook, cell)
    yield one
    page.close()


def gradients(cell: FrameLocator, *leaves: str) -> list[float]:
    texts = (cell.locator(f'[data-node="{leaf}"] [data-role="gradient"]').text_content() or "" for leaf in leaves)
    return [number for text in texts for number in numbers(text)]


def play_to_the_end(cell: FrameLocator) -> None:
    player = cell.locator("[data-vizgraph-player]")
    for step in range(1, int(player.get_attribute("data-steps") or 0) + 1):
        cell.get_by_role("button", name="Next step").click()
        expect(player).to_have_attribute("data-step", str(step), timeout=PATIENCE)


def test_a_traced_result_plays_in_its_cell_and_leaves_the_next_alone(sitting: Sitting) -> None:
    lesson, model = shown(sitting.notebook, 0), shown(sitting.notebook, 1)
    before = model.locator("[data-vizgraph-player]").get_attribute("data-step")
    play_to_the_end(lesson)
    assert gradients(lesson, "x1", "x2", "x3") == [1.1, 1.4, 1.0]
    assert model.locator("[data-vizgraph-player]").get_attribute("data-step") == before


def test_a_recorded_model_plays_in_its_cell(sitting: Sitting) -> None:
    cell = shown(sitting.notebook, 1)
    cell.get_by_role("button", name="Last step").click()
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
    loss = model(torch.ones(3, 2)).square().mean()
    (bias,) = torch.autograd.grad(loss, model[2].bias)
    text = cell.locator("[data-node]", has_text="2.bias").locator('[data-role="gradient"]')
    expect(text).not_to_have_text("None")
    assert numbers(text.text_content() or "") == pytest.approx(bias.tolist(), rel=1e-3)


def test_it_is_as_dark_as_the_notebook_around_it(sitting: Sitting) -> None:
    players = [shown(sitting.notebook, cell).locator("[data-vizgraph-player]") for cell in (0, 1)]
    for theme, expected in (("JupyterLab Dark", "dark"), ("JupyterLab Light", "light")):
        choose(sitting.page, "Settings", "Theme", theme)
        for player in players:
            expect(player).to_have_attribute("data-theme", expected, timeout=PATIENCE)


def test_a_saved_notebook_plays_again_when_it_is_opened(sitting: Sitting, lab: Lab) -> None:
    saved = save(sitting, lab)
    outputs = [output["data"]["text/html"] for cell in saved["cells"] for output in cell["outputs"]]
    assert len(outputs) == 2
    again = lab.open(sitting.page, "play.ipynb")
    for cell in (0, 1):
        shown(again, cell)
    lesson = shown(again, 0)
    lesson.get_by_role("button", name="Last step").click()
    expect(lesson.locator('[data-node="x1"] [data-role="gradient"]')).to_have_text("1.1")
    sitting.notebook = again


def test_a_notebook_of_somebody_else_shows_a_still_picture_and_says_why(sitting: Sitting, lab: Lab) -> None:
    """Jupyter trusts what it has signed: a file that came from elsewhere loses its frames and scripts."""
    stranger = save(sitting, lab)
    stranger["cells"][0]["outputs"][0]["data"]["text/html"] += "<p>from elsewhere</p>"
    (lab.folder / "other.ipynb").write_text(json.dumps(stranger), encoding="utf-8")
    page = sitting.page.context.browser.new_page()
    page.set_default_timeout(PATIENCE)
    output = lab.open(page, "other.ipynb").locator(".jp-OutputArea-output").first
    expect(output).to_contain_text("Run the cell, or trust the notebook.", timeout=PATIENCE)
    assert output.locator("iframe").count() == 0
    picture = output.get_by_role("img", name="vizgraph")
    assert picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth > 400; }")
    page.close()


def test_nothing_was_asked_of_another_host_and_our_console_is_empty(sitting: Sitting, lab: Lab) -> None:
    shown(sitting.notebook, 0)
    ours = (lab.address, lab.address.replace("http:", "ws:"), "data:", "blob:", "about:srcdoc")
    assert [url for url in sitting.asked if not url.startswith(ours)] == []
    assert [line for line in sitting.said if lab.address not in line] == []  # Lab tells of itself at its own address


def save(sitting: Sitting, lab: Lab) -> dict[str, list[dict[str, list[dict[str, dict[str, str]]]]]]:
    """Save, and read the file once it holds both results."""
    with sitting.page.expect_response(
        lambda answer: answer.request.method == "PUT" and "/api/contents/play.ipynb" in answer.url
    ):
        choose(sitting.page, "File", "Save Notebook")
    notebook = json.loads((lab.folder / "play.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell["outputs"]:
            output["data"] = {kind: "".join(text) for kind, text in output["data"].items()}
    return notebook
