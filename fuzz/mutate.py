"""Make input number i of a seed: a job like one that the page would send, and almost right."""

from __future__ import annotations

import ast
import keyword
import random
import re
import warnings
from collections.abc import Callable
from typing import Any, Final, Protocol

from fuzz import words
from fuzz.corpus import Corpus

TOKEN: Final = re.compile(
    r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|\#[^\n]*|\d[\w.]*|[^\W\d]\w*|\n *|[ \t]+|\*\*|//|[-+*/@<>=!]=|\S",
    re.DOTALL,
)
KNOWN: Final = frozenset(words.NAMES) | frozenset(keyword.kwlist)
LINES: Final = 14  # of a program at most: short programs fail for one reason each, and are many a second
TRIES: Final = 4  # the parser refuses most random changes, and behind it is more to break
BROKEN: Final = 0.15  # texts that are sent whether they can be read or not
FULL: Final = 12  # one input in so many goes through the drawing and the derivation as well
Tokens = list[str]


class Jobs(Protocol):
    """Numbered inputs."""

    def job(self, number: int) -> dict[str, Any]: ...


class Recorded:
    """Inputs that were kept."""

    def __init__(self, jobs: list[dict[str, Any]]) -> None:
        self._jobs = jobs

    def job(self, number: int) -> dict[str, Any]:
        return self._jobs[number]


def _can_be_read(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class Mutator:
    """Everything is drawn from the seed and the number: the same pair is the same input."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._corpus, self._seed = corpus, seed

    def job(self, number: int) -> dict[str, Any]:
        draw = random.Random(f"{self._seed}/{number}")
        source = ""
        for _ in range(TRIES):
            source = draw.choices(MAKERS, WEIGHTS)[0](self, draw)
            if draw.random() < BROKEN or _can_be_read(source):
                break
        want = ["run", "form", "derivation", "player"] if number % FULL == 0 else ["form"]
        return {
            "source": source,
            "values": self._values(draw),
            "requires_grad": draw.choice((None, None, None, [], ["x"], ["nothing", 'x"'])),
            "gradient": self._gradient(draw),
            "want": want,
        }

    # --- programs -----------------------------------------------------------

    def _composed(self, draw: random.Random) -> str:
        """Statements of anywhere behind a preamble that gives them tensors to work on."""
        lines = [draw.choice(words.PREAMBLES)]
        for _ in range(draw.randint(1, 5)):
            piece = draw.choice(words.STATEMENTS if draw.random() < 0.15 else self._corpus.statements)
            if draw.random() < 0.4:
                piece = f"{draw.choice(words.LOCALES)} = {draw.choice(self._corpus.expressions)}"
            tokens = self._at_home(draw, TOKEN.findall(piece))
            if draw.random() < 0.5:
                tokens = self._mutated(draw, tokens)
            lines.append("".join(tokens) + "\n")
        return "".join(lines) + draw.choice(("", "", "y.sum().backward()\n", "print(x.grad)\n"))

    def _twisted(self, draw: random.Random) -> str:
        """A window of a real program with a few of its tokens changed."""
        lines = draw.choice(self._corpus.programs).split("\n")
        start = draw.randrange(len(lines)) if draw.random() < 0.3 else 0
        tokens = TOKEN.findall("\n".join(lines[start : start + draw.randint(2, LINES)])[:1500])
        for _ in range(draw.randint(1, 3)):
            tokens = self._mutated(draw, tokens)
        return "".join(tokens)

    def _spliced(self, draw: random.Random) -> str:
        """Expressions inside each other: the tree is right, its meaning is not."""
        tokens = TOKEN.findall(draw.choice(self._corpus.expressions))
        for _ in range(draw.randint(1, 3)):
            places = [place for place, token in enumerate(tokens) if re.match(r"[\w'\"]", token)]
            if places:
                inner = "(" + draw.choice(self._corpus.expressions)[:300] + ")"
                tokens[draw.choice(places)] = inner
                tokens = TOKEN.findall("".join(tokens))
        body = "".join(self._at_home(draw, tokens))
        return draw.choice(words.PREAMBLES) + draw.choice(
            ("y = {}", "print({})", "{}", "for i in {}:\n    x = i")
        ).format(body)

    def _blown_up(self, draw: random.Random) -> str:
        """Deep, long and large texts."""
        many = draw.choice((5, 30, 60, 119, 121, 200, 500, 3000))
        piece = draw.choice(self._corpus.expressions)[:60]
        name = draw.choice(words.LOCALES)
        shape = draw.choice((
            "y = " + "(" * many + piece + ")" * many, "y = " + "-" * many + name, "y = " + "not " * many + name,
            "y = " + " + ".join([piece] * min(many, 200)), "y = " + "sin(" * many + name + ")" * many,
            f"y = {name}" + ".T" * many, f"y = {name}" + "[0]" * many, "y = " + "[" * many + "]" * many,
            f"{name}\n" * many, "y = " + "1" * many, "y = " + "lambda: " * min(many, 900) + name, f"y = {name}" + "**2" * many,
            "y = x\n" + f"y = y * {name} + y\n" * min(many, 300), "\n".join(" " * n + "if x:" for n in range(min(many, 110))),
            f"a = [{name}]\n" + "a = [a, a]\n" * min(many, 60) + "print(a)", f"y = f'{'{' * min(many, 200)}x{'}' * min(many, 200)}'",
            "y = " + ",".join([name] * many), f"def f(a):\n    return f(a - 1) if a else {name}\ny = f({many})",
            f"for i in range({many}):\n    y = {piece}", "y = x" + " " * many + "# " + "a" * many, "y = " + f"({piece}," * 20 + ")" * 20,
        ))  # fmt: skip
        return draw.choice(words.PREAMBLES) + shape

    def _values_only(self, draw: random.Random) -> str:
        return draw.choice(("y = 2*x", "y = x1*x2*x3", "y1 = x*x\ny2 = x.sum()", "y = A @ x", "z = x + w", "y = x[0]"))

    # --- pieces -------------------------------------------------------------

    def _at_home(self, draw: random.Random, tokens: Tokens) -> Tokens:
        """Most names that the program does not know become names that it does."""
        before = ""
        made = list(tokens)
        for place, token in enumerate(tokens):
            if token.isidentifier() and before != "." and token not in KNOWN and draw.random() < 0.7:
                made[place] = draw.choice(words.LOCALES)
            before = token if token.strip() else before
        return made

    def _mutated(self, draw: random.Random, tokens: Tokens) -> Tokens:
        tokens = [token for token in tokens if token]
        return draw.choice(MUTATIONS)(self, draw, tokens, draw.randrange(len(tokens))) if tokens else tokens

    def _swap(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        other = draw.randrange(len(tokens))
        made = list(tokens)
        made[place], made[other] = made[other], made[place]
        return made

    def _delete(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        return tokens[:place] + tokens[place + draw.choice((1, 1, 1, 2, 5)) :]

    def _repeat(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        end = place + draw.choice((1, 2, 4, 10))
        return tokens[:end] + tokens[place:end] * draw.choice((1, 1, 2, 20)) + tokens[end:]

    def _insert(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        pool = draw.choice(
            (words.SIGNS, words.SIGNS, words.NAMES, words.NUMBERS, words.STRINGS, self._corpus.expressions)
        )
        return [*tokens[:place], draw.choice(pool), *tokens[place:]]

    def _character(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        token = tokens[place]
        at = draw.randrange(len(token) + 1)
        return [
            *tokens[:place],
            token[:at] + draw.choice(words.CHARACTERS) + token[at + draw.randint(0, 1) :],
            *tokens[place + 1 :],
        ]

    def _replace(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        """Put something of the same kind in the place of a token."""
        token = tokens[place]
        pool: tuple[str, ...] = words.SIGNS
        if token[0].isdigit():
            pool = words.NUMBERS
        elif token[0] in "'\"":
            pool = words.STRINGS
        elif token.isidentifier():
            after_dot = "".join(tokens[max(0, place - 2) : place]).rstrip().endswith(".")
            pool = (
                draw.choice((words.ATTRIBUTES, words.ALLOWED))
                if after_dot
                else draw.choice((words.NAMES, words.NUMBERS, self._corpus.expressions))
            )
        return [*tokens[:place], draw.choice(pool), *tokens[place + 1 :]]

    def _attribute(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        chain = "".join(
            "." + draw.choice(draw.choice((words.ATTRIBUTES, words.ALLOWED))) for _ in range(draw.choice((1, 1, 2, 3)))
        )
        call = draw.choice(("", "()", "(x)", "(0)", "(x, 1)", "('a')"))
        return [*tokens[: place + 1], chain + call, *tokens[place + 1 :]]

    def _statement(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        ends = [at for at, token in enumerate(tokens) if token.startswith("\n")] or [len(tokens)]
        at = draw.choice(ends)
        return [*tokens[:at], "\n", draw.choice(draw.choice((words.STATEMENTS, self._corpus.statements))), *tokens[at:]]

    def _wrap(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        many = draw.choice((1, 2, 10, 100, 200))
        left, right = draw.choice(
            (("(", ")"), ("[", "]"), ("{", "}"), ("abs(", ")"), ("-", ""), ("|", "|"), ("lambda: ", ""))
        )
        return [*tokens[:place], left * many, tokens[place], right * many, *tokens[place + 1 :]]

    def _indent(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        return [*tokens[:place], draw.choice(("\n", "\n    ", "\n\t", "\r", "\r\n", ";")), *tokens[place:]]

    def _cut(self, draw: random.Random, tokens: Tokens, place: int) -> Tokens:
        return tokens[:place]

    # --- what stands beside the program -------------------------------------

    def _value(self, draw: random.Random) -> Any:
        kind = draw.random()
        if kind < 0.35:
            return draw.choice((1, 2.5, [1.0, 2.0, 3.0], [[1, 2], [3, 4]], "[1, 2, 3]", -0.0, "0.5"))
        if kind < 0.7:
            return draw.choice(words.VALUES + self._corpus.values)
        if kind < 0.85:
            text = draw.choice(words.VALUES + self._corpus.values) or "0"
            at = draw.randrange(len(text))
            return text[:at] + draw.choice((*words.CHARACTERS, *words.NUMBERS, *"()[],.-*e")) + text[at:]
        return draw.choice(
            (None, True, [], [[]], [1, [2]], [None], {}, {"a": 1}, 10**30, [[[1]]] * 3, [1e400], ["nan"], [0] * 1100)
        )

    def _values(self, draw: random.Random) -> dict[str, Any]:
        if draw.random() < 0.5:
            return {}
        names = draw.sample(words.LOCALES, draw.randint(1, 3))
        if draw.random() < 0.1:
            names.append(
                draw.choice(('x"><script>alert(1)</script>', "x\\", "", "__class__", "x//", "x]", "\u202ex", "a b"))
            )
        return {name: self._value(draw) for name in names}

    def _gradient(self, draw: random.Random) -> Any:
        if draw.random() < 0.7:
            return None
        if draw.random() < 0.1:
            return {draw.choice(words.LOCALES): self._value(draw)}
        return self._value(draw)


MAKERS: Final[tuple[Callable[[Mutator, random.Random], str], ...]] = (
    Mutator._composed, Mutator._twisted, Mutator._spliced, Mutator._blown_up, Mutator._values_only,
)  # fmt: skip
WEIGHTS: Final = (40, 28, 12, 5, 15)
MUTATIONS: Final[tuple[Callable[[Mutator, random.Random, Tokens, int], Tokens], ...]] = (
    Mutator._swap, Mutator._delete, Mutator._repeat, Mutator._insert, Mutator._character, Mutator._replace,
    Mutator._replace, Mutator._replace, Mutator._attribute, Mutator._attribute, Mutator._statement, Mutator._wrap,
    Mutator._indent, Mutator._cut,
)  # fmt: skip
