"""The findings and the colours of a page in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect
from torch import nn

import vizgraph
from tests.browser.watch import OpenFile

PROGRAM = """import torch

x = torch.tensor([0.0, 4.0], requires_grad=True)
w = torch.tensor([0.5, 0.25], requires_grad=True)
b = torch.tensor([1.0, 1.0], requires_grad=True)
y = torch.where(x > 0, x.sqrt(), torch.zeros(2))
loss = (y * w + b.detach()).sum() + 50 * (w * w).sum()
loss.backward()
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vizgraph.visualize(PROGRAM).save(tmp_path_factory.mktemp("page") / "findings.html")


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, open_file: OpenFile, file: Path) -> Page:
    return open_file(file, height=1400, color_scheme=request.param)


def test_the_findings_are_counted_and_read(page: Page) -> None:
    panel = page.get_by_role("region", name="Findings")
    expect(panel.get_by_role("heading")).to_have_text("Findings2")
    first = panel.get_by_role("listitem").first
    expect(first).to_contain_text("error")
    expect(first).to_contain_text("The gradient of x[0] becomes nan in x.sqrt()")
    expect(first).to_contain_text("line 6")
    expect(first).to_contain_text("y = torch.where(x > 0, x.sqrt(), torch.zeros(2))")
    expect(first).to_contain_text("Make the operand harmless")


def test_a_click_lights_the_place_opens_its_card_and_marks_its_line(page: Page) -> None:
    page.get_by_role("button", name="error The gradient of").click()
    expect(page.locator('[data-node="sqrt_1"]')).to_have_class(re.compile("is-active"))
    expect(page.locator('[data-edge="x__sqrt_1__0"]')).to_have_class(re.compile("is-active"))
    expect(page.locator('[data-node="w"]')).to_have_class(re.compile("is-dim"))
    expect(page.get_by_role("complementary", name="Card")).to_contain_text("[nan, ")
    expect(page.locator("ol li.is-active").last).to_contain_text("x.sqrt()")
    page.get_by_role("button", name="First step").click()
    expect(page.locator(".vg-finding.is-shown")).to_have_count(0)
    expect(page.locator(".is-dim")).to_have_count(0)


def test_colour_follows_the_gradient_norm_and_the_legend_has_the_numbers(page: Page) -> None:
    page.get_by_role("button", name="Last step").click()
    page.get_by_role("combobox", name="Colour").select_option("gradient")
    heat = page.locator('[data-node="w"]').evaluate("(node) => node.style.getPropertyValue('--vg-shade')")
    assert int(heat.rstrip("%")) > 50
    expect(page.locator('[data-node="x"]')).to_have_attribute("data-heat", "broken")
    expect(page.locator(".vg-shade")).to_contain_text("not finite: 1")
    page.locator('[data-node="w"]').click()
    expect(page.locator(".vg-shade-note")).to_contain_text(re.compile(r"w: 5\d\.\d"))
    page.get_by_role("combobox", name="Colour").select_option("none")
    expect(page.locator(".is-heated")).to_have_count(0)


def test_an_edge_is_as_wide_as_its_contribution_is_large_on_the_logarithmic_scale(page: Page) -> None:
    """Against the norms of torch's own gradients, as the browser paints the lines."""
    page.get_by_role("button", name="Last step").click()
    page.get_by_role("combobox", name="Colour").select_option("gradient")
    expect(page.locator('[data-node="w"]')).to_have_attribute("data-heat", "some")
    widths = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-edge]")].map((edge) =>
             [edge.dataset.edge, parseFloat(getComputedStyle(edge.querySelector(".vg-line")).strokeWidth)]))"""
    )
    sizes = {
        edge.id: item.gradient.norm
        for step in vizgraph.visualize(PROGRAM).views["math"].passes[0].steps
        for item in step.contributions
        for edge in vizgraph.visualize(PROGRAM).views["math"].graph.edges
        if edge.id == item.edge and item.gradient is not None and item.gradient.finite
    }
    told = sorted((sizes[edge], width) for edge, width in widths.items() if sizes.get(edge))
    assert len({round(width, 2) for _, width in told}) > 2
    assert [width for _, width in told] == sorted(width for _, width in told)


def test_a_program_whose_backward_fails_lists_its_findings_too(open_file: OpenFile, tmp_path: Path) -> None:
    failing = vizgraph.visualize(
        "import torch\nx = torch.tensor([-1.0, 4.0], requires_grad=True)\n"
        "with torch.autograd.set_detect_anomaly(True):\n    y = torch.sqrt(x)\n    y.sum().backward()\n"
    )
    assert failing.run.error is not None
    page = open_file(failing.save(tmp_path / "failing.html"), height=1400)
    panel = page.get_by_role("region", name="Findings")
    expect(panel.get_by_role("heading")).to_have_text("Findings3")
    expect(panel.get_by_role("listitem").last).to_contain_text("Function 'SqrtBackward0' returned nan values")
    page.get_by_role("button", name="error y[0] is nan").click()
    expect(page.locator('[data-node="sqrt_1"]')).to_have_class(re.compile("is-active"))


@pytest.mark.parametrize("mode", ["gradient", "forward", "share"])
def test_every_text_on_a_coloured_box_can_be_read(page: Page, mode: str) -> None:
    page.get_by_role("button", name="Last step").click()
    page.get_by_role("combobox", name="Colour").select_option(mode)
    ratios = page.evaluate(CONTRASTS)
    assert len(ratios) > 10
    assert min(ratios) >= 4.5


# The contrast of every text with the box behind it, both as the browser paints them.
CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
    const linear = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  return [...document.querySelectorAll("[data-node]")].flatMap((node) => {
    const ground = light(getComputedStyle(node.querySelector(".vg-box")).fill);
    return [...node.querySelectorAll("text")].map((text) => {
      const ink = light(getComputedStyle(text).fill);
      return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    });
  });
}"""


def test_a_finding_inside_of_a_group_opens_it_and_goes_to_the_very_step(open_file: OpenFile, tmp_path: Path) -> None:
    """A recorded model of many blocks: in the third a division by 0."""
    torch.manual_seed(0)

    class Divide(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.where(x > 9, x / (x - x), x)

    layers = [[nn.Linear(4, 4), nn.Tanh()] * 12 for _ in range(5)]
    layers[2].insert(9, Divide())
    model = nn.Sequential(*(nn.Sequential(*block) for block in layers))
    with vizgraph.record(model) as recording:
        loss = model(torch.ones(2, 4)).sum()
    page = open_file(recording.trace(loss).save(tmp_path / "groups.html"), height=1400)
    assert page.locator('[data-node="div_1"]').count() == 0
    page.get_by_role("button", name="error The gradient of").click()
    expect(page.locator('[data-node="div_1"]')).to_have_class(re.compile("is-active"))
    expect(page.locator(".vg-card")).to_contain_text("DivBackward0")
    player = page.locator("[data-vizgraph-player]")
    assert 0 < int(player.get_attribute("data-step") or 0) < int(player.get_attribute("data-steps") or 0)
