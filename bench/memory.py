"""Weigh the page while it works: Streamlit, the zygote and one child."""

from __future__ import annotations

from urllib.parse import quote

import psutil

from bench import served, table

# Long enough to be met while it runs.
PROGRAM = "y = x\nfor i in range(600):\n    y = sin(y) * 1.01 + 0.1\n"
MEGABYTE = 2**20


def main() -> None:
    with served.app("app.py") as (address, pid), served.browser() as page:
        page.goto(address)
        served.player(page)
        streamlit = psutil.Process(pid)
        zygote = max(streamlit.children(), key=lambda process: process.memory_info().rss)
        page.goto(f"{address}?program={quote(PROGRAM)}", wait_until="commit")
        together = [streamlit, zygote, met(zygote)]
        resident = [process.memory_info().rss / MEGABYTE for process in together]
        proportional = sum(getattr(process.memory_full_info(), "pss", 0) for process in together) / MEGABYTE
        together[-1].resume()
    parts = " + ".join(f"{one:.0f}" for one in resident)
    table.row("memory: Streamlit + zygote + child, resident", f"{sum(resident):.0f} MB", parts)
    table.row("memory: the same, shared pages counted once", f"{proportional:.0f} MB", "", "<= 520 MB")


def met(zygote: psutil.Process) -> psutil.Process:
    """The next child, stopped in the middle of its work so that it can be weighed."""
    while not (children := zygote.children()):
        pass
    children[0].suspend()
    return children[0]


if __name__ == "__main__":
    main()
