"""Measure speed and memory: every script in a process of its own, one line per figure."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

from bench import table

SCRIPTS = (
    "jobs",
    "interpreter",
    "recovery",
    "recording",
    "tracing",
    "large",
    "memory",
    "page",
    "frames",
    "groups",
    "drag",
    "inputs",
)


def main() -> None:
    """Run the scripts named on the command line, or all."""
    print(
        f"# Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    )
    table.head()
    failed = [name for name in sys.argv[1:] or SCRIPTS if not measured(name)]
    if failed:
        sys.exit(f"bench: could not be measured: {', '.join(failed)}")


def measured(name: str) -> bool:
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode == 0


if __name__ == "__main__":
    main()
