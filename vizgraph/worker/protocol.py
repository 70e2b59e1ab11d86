"""Frame what client, zygote and child say to each other: one line each.

A line is ``number word json``: the job's number, what is said of it, and the
data. The child leaves the number out; the zygote puts it in front, so that no
child can speak for the job of somebody else.

Words of the client: ``job`` (data: the job) and ``cancel``. Words that answer:
a stage's name (data: the stage), ``end``, and ``ready`` under number 0. A child
says besides, to the zygote only, ``ran`` (the program itself is done; what
follows is drawing and deriving), ``lost`` (data: the reason why it gives up) and
``note`` (data: a text for whoever runs the page); one that was forked ahead of
its job says ``waiting`` before it comes and ``begun`` when it has it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TypeAlias

from vizgraph import limits

Data: TypeAlias = dict[str, Any]  # of a job: JSON

READY, END, RAN, LOST, NOTE = "ready", "end", "ran", "lost", "note"
WAITING, BEGUN = "waiting", "begun"
JOB, CANCEL = "job", "cancel"
CHUNK = 2**16  # bytes read at once: what a pipe holds
ANSWER = limits.ANSWER_BYTES + 2**16  # bytes of a child's answer with all that frames it
NOTE_CHARACTERS = 10_000


def line(number: int, word: str, payload: bytes = b"null") -> bytes:
    """Frame a message; ``payload`` is JSON.

    >>> line(7, "end")
    b'7 end null\\n'
    """
    return b"%d %s %s\n" % (number, word.encode("ascii"), payload)


def read(text: bytes) -> tuple[int, str, bytes]:
    """Return number, word and JSON of a line.

    >>> read(b'7 run {"a": 1}')
    (7, 'run', b'{"a": 1}')
    """
    number, word, payload = text.split(b" ", 2)
    return int(number), word.decode("ascii"), payload


def read_said(text: bytes) -> tuple[str, bytes]:
    """Return word and JSON of a line of a child, which may be broken in any way.

    >>> read_said(b"run 1")
    ('run', b'1')
    """
    word, payload = text.split(b" ", 1)
    name = word.decode("ascii")
    if not name.isidentifier():
        raise ValueError("not a word of the protocol")
    return name, payload


def read_job(payload: bytes) -> Data:
    """Return the job of a ``job`` line."""
    job = json.loads(payload)
    if not isinstance(job, dict):
        raise ValueError("a job is an object")
    want = job.get("want", [])
    if not isinstance(want, list) or not all(isinstance(stage, str) for stage in want):
        raise ValueError("want is a list of names")
    return job


def dump(data: Any) -> bytes:
    """Return ``data`` as JSON on one line; NaN is refused because browsers don't read it."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode("ascii")


def write_all(descriptor: int, text: bytes) -> None:
    """Write to a blocking pipe, in as many pieces as it takes."""
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def print_note(payload: bytes) -> None:
    """Print the note of a child, which may be broken in any way, where logs go."""
    print(str(json.loads(payload))[:NOTE_CHARACTERS], file=sys.stderr, flush=True)


def read_all(descriptor: int) -> bytes:
    """Read a blocking pipe to its end."""
    return b"".join(iter(lambda: os.read(descriptor, CHUNK), b""))


class Lines:
    """Cut what arrives in pieces into lines.

    >>> lines = Lines()
    >>> lines.feed(b"one\\ntw"), lines.feed(b"o\\n")
    ([b'one'], [b'two'])

    Raises ValueError for a line longer than ``longest``.
    """

    def __init__(self, longest: int | None = None) -> None:
        self._longest = longest
        self._pieces: list[bytes] = []
        self._held = 0

    def feed(self, piece: bytes) -> list[bytes]:
        """Return the lines that ``piece`` completes."""
        head, newline, rest = piece.rpartition(b"\n")
        if not newline:
            self._hold(piece)
            return []
        complete = b"".join([*self._pieces, head]).split(b"\n")
        self._pieces, self._held = [], 0
        self._hold(rest)
        return complete

    def _hold(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._held += len(piece)
        if self._longest is not None and self._held > self._longest:
            raise ValueError("a line without end")
