"""Read and work the player on the page."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

IDLE = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
PATIENCE = 30_000  # milliseconds until a state that does not come is a failure; a busy machine is slow


def player(page: Page) -> Locator:
    """The player, once there is something in it."""
    found = page.locator("[data-vizgraph-player]:not([hidden])")
    found.wait_for(timeout=PATIENCE)  # the first visit waits for the engine to warm up
    return found


def last_step(page: Page) -> int:
    return int(player(page).get_attribute("data-steps") or -1)


def go(page: Page, step: int) -> None:
    """Drag the slider to a step."""
    player(page).get_by_role("slider", name="Step").fill(str(step))
    expect(player(page)).to_have_attribute("data-step", str(step))


def play_to_the_end(page: Page) -> None:
    """Press Next until the player has nothing more to tell."""
    button = player(page).get_by_role("button", name="Next step")
    for step in range(1, last_step(page) + 1):
        button.click()
        expect(player(page)).to_have_attribute("data-step", str(step))
    expect(player(page)).to_have_attribute("data-moving", "false")


def gradient(page: Page, node: str) -> Locator:
    return player(page).locator(f'[data-node="{node}"] [data-role="gradient"]')


def numbers(text: str) -> list[float]:
    """The numbers of a text such as ``.grad = [2, 4, 6]``.

    >>> numbers(".grad [−0.5, 1e-3]")
    [-0.5, 0.001]
    """
    found = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?", text.replace("−", "-"))
    return [float(number) for number in found]
