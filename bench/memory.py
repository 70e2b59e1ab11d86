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
    """A child in the middle of its work, stopped so that it can be weighed; idle ones wait for jobs."""
    before = {child.pid: used(child) for child in zygote.children()}
    while True:
        for child in zygote.children():
            if used(child) > before.get(child.pid, 0.0) + 0.2:
                child.suspend()
                return child


def used(process: psutil.Process) -> float:
    """Seconds of processor time, 0 for a process that is gone."""
    try:
        return sum(process.cpu_times()[:2])
    except psutil.NoSuchProcess:
        return 0.0


if __name__ == "__main__":
    main()
