"""Offer the straight line from the shell."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from vizgraph import limits, report
from vizgraph.errors import VizgraphError
from vizgraph.texts import LANGUAGES, speaking
from vizgraph.visualization import SUFFIXES, Visualization


class UsageError(Exception):
    """What the command line refuses before any program runs: one sentence for the person who typed it."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, where argparse would print its usage too."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 2 refused, 1 could not be finished."""
    try:
        options = _parser().parse_args(arguments)
        return int(options.command(options))
    except (UsageError, VizgraphError) as error:
        return _complain(str(error), 2)
    except BrokenPipeError:
        # Whoever reads (head, less) has enough; Python must not try to flush the rest while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # a mistake of ours: still no traceback
        return _complain(f"something in vizgraph itself failed ({type(error).__name__}: {error}); please report it", 1)


def _parser() -> Parser:
    parser = Parser(prog="vizgraph", description="The backward pass of typed functions, on PyTorch's autograd graph.")
    commands = parser.add_subparsers(required=True, metavar="trace | app")

    trace = commands.add_parser("trace", help="run a program and write its graph, numbers and animation")
    trace.set_defaults(command=_trace)
    trace.add_argument("program", metavar="PROGRAM.py", help="functions or PyTorch code; - reads standard input")
    trace.add_argument("--values", type=_values, metavar="JSON", help='the free names: {"x": [1, 2], "w": 0.5}')
    trace.add_argument("--gradient", type=_json, metavar="JSON", help="the upstream gradient: 1, [0.1, 0.2], …")
    trace.add_argument("--requires-grad", type=_names, metavar="a,b", help="the free names that are leaves (all)")
    trace.add_argument("--view", choices=("math", "engine"), default="math", help="the view of SVG, DOT and HTML")
    trace.add_argument("--isolated", action="store_true", help="run the program in a process of its own that may die")
    trace.add_argument("--findings", action="store_true", help="print what went wrong in place of JSON")
    trace.add_argument("--language", choices=tuple(LANGUAGES), default="en", help="of the sentences (en)")
    trace.add_argument(
        "-o", dest="output", type=_output, default="-", metavar="OUT",
        help="a file; its suffix, .json .svg .dot .html, chooses the format; - prints JSON (default)",
    )  # fmt: skip

    app = commands.add_parser("app", help="start the page")
    app.set_defaults(command=_app)
    app.add_argument("--port", type=int, default=8501, help="default 8501")
    return parser


def _trace(options: argparse.Namespace) -> int:
    source = _read(options.program)
    from vizgraph import pipeline  # here, because it brings torch: --help and mistakes answer at once

    picture = pipeline.visualize(
        source,
        values=options.values,
        requires_grad=options.requires_grad,
        gradient=options.gradient,
        isolated=options.isolated,
        language=options.language,
    )
    if options.findings:
        with speaking(options.language):
            print(picture.findings)
    if not options.findings or options.output != "-":
        _write(picture, options.output, options.view)
    fault = picture.run.error
    if fault is not None:
        _complain(str(VizgraphError(fault.message, fault.span, fault.hint)), 0)
    return 0


def _app(options: argparse.Namespace) -> int:
    from vizgraph.ui import launch

    launch.start(options.port)
    return 0


def _read(program: str) -> str:
    """Return the text, at most one character more than the language allows: enough to be refused."""
    piped = program == "-"
    try:
        with open(sys.stdin.fileno() if piped else program, encoding="utf-8-sig", closefd=not piped) as file:
            return file.read(limits.PROGRAM_CHARACTERS + 1)
    except OSError as error:
        raise UsageError(f"can't read {program}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"can't read {program}: it is not UTF-8 text") from error


def _write(picture: Visualization, output: str, view: str) -> None:
    if output == "-":
        sys.stdout.buffer.write(report.text(picture.to_dict()).encode())
        sys.stdout.buffer.flush()
        return
    try:
        picture.save(output, view)
    except OSError as error:
        raise UsageError(f"can't write {output}: {error.strerror}") from error


def _output(text: str) -> str:
    if text != "-" and Path(text).suffix.lower() not in SUFFIXES:
        raise argparse.ArgumentTypeError(f"{text} must end in one of {' '.join(SUFFIXES)}")
    return text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"{text[:80]} is not JSON ({error})") from error


def _values(text: str) -> dict[str, Any]:
    values = _json(text)
    if not isinstance(values, dict):
        raise argparse.ArgumentTypeError(f'{text[:80]} is not an object of names, such as {{"x": [1, 2]}}')
    return values


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _complain(message: str, status: int) -> int:
    """Say ``message`` in one line on standard error and return ``status``."""
    print("vizgraph:", " ".join(message.split()), file=sys.stderr)
    return status
