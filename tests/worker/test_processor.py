"""Read how long a processor worked for a child; the oracle is what the child itself measured."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vizgraph.worker.processor import seconds_of

WORKS = """
import sys, time
while time.process_time() < 0.2: pass
print(time.process_time(), flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_it_is_what_the_child_says_and_stands_still_while_the_child_waits() -> None:
    with subprocess.Popen([sys.executable, "-c", WORKS], stdin=-1, stdout=-1, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        said = float(child.stdout.readline())
        found = seconds_of(child.pid)
        assert found is not None
        assert said <= found < said + 0.1  # and a little for the writing of it
        child.stdin.close()
        child.wait()
    assert seconds_of(child.pid) is None


def test_another_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert seconds_of(1) is None
