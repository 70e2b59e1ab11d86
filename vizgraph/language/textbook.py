"""Read mathematics as people type it: ``2x``, ``sin x``, ``|x|``, ``3(x + 1)``, ``sin² x``, ``f(x) = x²``.

Only where Python has no reading of its own, and only where there is one
reading: ``1/2x`` has two, and both are offered.
"""

from __future__ import annotations

import functools
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from vizgraph.errors import VizgraphError
from vizgraph.model import Fix, Span

Kind: TypeAlias = Literal["number", "name", "text", "sign"]
Line: TypeAlias = tuple[str, list[int]]  # what the parser reads, and the typed column of each character and the end

TOKEN: Final = re.compile(
    r"""(?P<text>\#.*|[rRfFbBuU]{0,2}"(?:\\.|[^"\\])*"|[rRfFbBuU]{0,2}'(?:\\.|[^'\\])*')"""
    r"|(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|\S)"
)
# A number or a bracket before a bracket is a product: Python would call it.
CALLED: Final = re.compile(r"(?<![\w.])\d[\d.]*\s*\(|\)\s*\(")
FUNCTIONS: Final = frozenset(
    "sin cos tan asin acos atan sinh cosh tanh exp log ln log2 log10 sqrt abs sigmoid relu erf sign floor ceil "
    "softplus square".split()
)
# f(x) = or f(x, y) =, at the start of a line
DECLARED: Final = re.compile(r"^([^\W\d]\w*)\s*(\(\s*[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*\s*\))\s*=(?!=)", re.MULTILINE)
LONGEST: Final = 300  # tokens of a line of mathematics
SHORT: Final = re.compile(r"[^\W\d_]\d{0,2}")  # x, x1: names that people write side by side for a product


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line; ``column`` is where it was typed; nobody typed an inserted one."""

    kind: Kind
    text: str
    column: int
    gap: int  # spaces before it
    inserted: bool = False


def rewrite(line: Line, number: int, program: str = "") -> Line | None:
    """Return a line as Python would have it, None where nothing in it is a textbook's; two readings are refused.

    ``program`` is the text around it: what it calls elsewhere is a function there, not a value."""
    tokens = _tokens(line)
    if len(tokens) > LONGEST:
        return None
    changed = _powers_of_functions(_declared(tokens, program))
    changed = _applied(_multiplied(_bars(changed), number), number)
    return None if changed == tokens else _joined(changed, line)


def _tokens(line: Line) -> list[Token]:
    text, back = line
    tokens, end = [], 0
    for match in TOKEN.finditer(text):
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        tokens.append(Token(kind, match[0], back[match.start()], match.start() - end))
        end = match.end()
    return tokens


def _joined(tokens: list[Token], line: Line) -> Line:
    text, back = "", list[int]()
    for token in tokens:
        text += " " * token.gap + token.text
        back.extend(range(token.column - token.gap, token.column))
        typed = 0 if token.inserted or token.kind in ("sign", "text") else 1
        back.extend(token.column + typed * place for place in range(len(token.text)))
    return text, [max(0, min(column, line[1][-1])) for column in back] + [line[1][-1]]


def _declared(tokens: list[Token], program: str) -> list[Token]:
    """Write f for the f(x) of f(x) = x**2, and def f(x): return x**2 where something else is put into f."""
    values, functions = _declarations(program)
    result, place, dropped = list[Token](), 0, False
    while place < len(tokens):
        token = tokens[place]
        result.append(replace(token, gap=max(token.gap, 1)) if dropped else token)
        end = place + 1 + len(TOKEN.findall(values.get(token.text, "")))
        dropped = _signs(tokens[place + 1 : end]) == values.get(token.text)
        place = end if dropped else place + 1
    if not tokens or tokens[0].text not in functions:
        return result
    equals = next((place for place, token in enumerate(tokens) if token.text == "="), len(tokens))
    if _signs(tokens[1:equals]) != functions[tokens[0].text] or equals + 1 >= len(tokens):
        return result
    define = Token("name", "def", tokens[0].column, 0, inserted=True)
    returns = Token("name", "return", tokens[equals + 1].column, 0, inserted=True)
    colon, body = replace(tokens[equals], text=":", gap=0), tokens[equals + 1 :]
    head = [define, replace(tokens[0], gap=1), *tokens[1:equals], colon, returns]
    return [*head, replace(body[0], gap=1), *body[1:]]


@functools.lru_cache(maxsize=8)
def _declarations(program: str) -> tuple[dict[str, str], dict[str, str]]:
    """The names that a program declares with their parameters: those of values, those of functions.

    >>> _declarations("f(x) = 2x\\ng(x) = f(x)^2 + h(1)\\nh(x) = 1")
    ({'f': '(x)', 'g': '(x)'}, {'h': '(x)'})
    """
    values, functions = dict[str, str](), dict[str, str]()
    for name, parameters in DECLARED.findall(program):
        if {name, *re.findall(r"\w+", parameters)} & FUNCTIONS or keyword.iskeyword(name):
            continue
        calls = re.findall(rf"(?<![\w.]){name}\s*(\([^()]*\)?)", program)
        kind = values if len({"".join(call.split()) for call in calls}) == 1 else functions
        kind[name] = "".join(parameters.split())
    return values, functions


def _signs(tokens: list[Token]) -> str:
    return "".join(token.text for token in tokens)


def _sign(text: str, after: Token | None, before: Token | None) -> Token:
    """A sign that nobody typed: it stands where the piece before it ends."""
    columns = [after.column + len(after.text)] if after else []
    return Token("sign", text, min([*columns, *([before.column] if before else [])]), 0, inserted=True)


def _is_operand_end(token: Token | None) -> bool:
    return token is not None and (token.kind == "number" or _is_variable(token) or token.text in (")", "]"))


def _is_operand_start(token: Token | None) -> bool:
    return token is not None and (token.kind == "number" or token.text == "(" or _is_word(token))


def _is_word(token: Token) -> bool:
    return token.kind == "name" and not keyword.iskeyword(token.text)


def _is_variable(token: Token) -> bool:
    return _is_word(token) and token.text not in FUNCTIONS


def _bars(tokens: list[Token]) -> list[Token]:
    """Write abs( ) for a pair of bars around something: |x - 1|."""
    result: list[Token] = []
    open_bars = 0
    for token in tokens:
        before = result[-1] if result else None
        if token.text != "|":
            result.append(token)
        elif open_bars and _is_operand_end(before):
            open_bars -= 1
            result.append(Token("sign", ")", token.column, token.gap, inserted=True))
        elif before is None or not _is_operand_end(before) or before.kind == "number" or before.inserted:
            open_bars += 1
            result.append(Token("name", "abs", token.column, token.gap, inserted=True))
            result.append(Token("sign", "(", token.column, 0, inserted=True))
        else:
            return tokens
    return tokens if open_bars else result


def _powers_of_functions(tokens: list[Token]) -> list[Token]:
    """Write sin(x)**2 for sin**2 x and sin**2(x)."""
    for place in range(len(tokens) - 3):
        name, power, exponent, start = tokens[place : place + 4]
        if name.text in FUNCTIONS and power.text == "**" and exponent.kind == "number":
            end = _end_of_factor(tokens, place + 3)
            inner = tokens[place + 3 : end]
            if start.text != "(":
                inner = [_sign("(", name, start), *inner, _sign(")", inner[-1], None)]
            return [*tokens[:place], name, *inner, power, exponent, *_powers_of_functions(tokens[end:])]
    return tokens


def _end_of_factor(tokens: list[Token], place: int) -> int:
    """Where a bracket with all in it, or a name or a number with its power, ends."""
    depth = 0
    for end in range(place, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[end].text, 0)
        if depth == 0:
            return end + 1
    return len(tokens)


def _multiplied(tokens: list[Token], number: int) -> list[Token]:
    """Write the * between factors that stand side by side."""
    result: list[Token] = []
    for place, token in enumerate(tokens):
        before = result[-1] if result else None
        if before is not None and _side_by_side(result, before, token):
            _refuse_two_readings(result, tokens[place:], number)
            result.append(_sign("*", before, token))
            token = replace(token, gap=0)
        result.append(token)
    return result


def _side_by_side(result: list[Token], before: Token, token: Token) -> bool:
    if not _is_operand_end(before) or not _is_operand_start(token):
        return False
    if before.kind == "number":
        return token.kind == "name" and not _is_base(before, token) or token.text == "("
    if before.text == ")":
        return token.text != "(" or not _is_call(result)
    if token.kind == "name":
        return token.gap > 0 and bool(SHORT.fullmatch(before.text)) and (
            token.text in FUNCTIONS or bool(SHORT.fullmatch(token.text)))  # fmt: skip
    return False


def _is_base(before: Token, token: Token) -> bool:
    """0x1f and 0b11 are numbers of Python, as 1j is."""
    return token.gap == 0 and (before.text == "0" and token.text[0] in "xXbBoO" or token.text in ("j", "J"))


def _is_call(result: list[Token]) -> bool:
    """Whether the bracket that has just closed held the arguments of a function."""
    depth = 0
    for place in range(len(result) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(result[place].text, 0)
        if depth == 0:
            return place > 0 and (result[place - 1].kind == "name" or result[place - 1].text in (")", "]"))
    return True


def _refuse_two_readings(result: list[Token], rest: list[Token], number: int) -> None:
    """A product without its sign behind / or ** binds tighter for some readers, and not for others."""
    factor, token = result[-1], rest[0]
    before = result[-2] if len(result) > 1 and factor.kind in ("number", "name") else None
    if before is not None and before.text == "**" and before.column == factor.column:
        return  # a raised ² ends where it stands
    if before is not None and before.text in ("/", "**"):
        left = result[-3].text if len(result) > 2 and result[-3].kind in ("number", "name") else "a"
        sign = before.text
        follows = f"{token.text}…)" if token.text == "(" else token.text
        first, second = f"{left}{sign}({factor.text}*{follows})", f"({left}{sign}{factor.text})*{follows}"
        raise VizgraphError(
            f"{left}{sign}{factor.text}{follows} can be read in two ways",
            Span(number, factor.column + 1, number, token.column + len(token.text) + 1),
            f"write {first} or {second}",
            tuple(Fix(number, line) for line in _two_readings(result, rest)),
        )


def _two_readings(result: list[Token], rest: list[Token]) -> Iterator[str]:
    """The whole line with the product in brackets, and with the fraction or the power in brackets."""
    factor = result[-1]
    end = _end_of_product(rest)
    yield f"{_text(result[:-1])}({factor.text}*{_text(rest[:end]).strip()}){_text(rest[end:])}"
    start = len(result) - 3 if len(result) > 2 and result[-3].kind in ("number", "name") else len(result)
    opens, closes = ("(", ")") if start < len(result) else ("", "")
    gap = " " * result[start].gap if opens else ""
    yield f"{_text(result[:start])}{gap}{opens}{_text(result[start:]).strip()}{closes}*{_text(rest).strip()}"


def _end_of_product(tokens: list[Token]) -> int:
    """Where the factor at the start ends, with the arguments of a function and with its power."""
    called = len(tokens) > 1 and tokens[0].kind == "name" and tokens[1].text == "("
    end = _end_of_factor(tokens, 1 if called else 0)
    return _end_of_factor(tokens, end + 1) if end + 1 < len(tokens) and tokens[end].text == "**" else end


def _text(tokens: list[Token]) -> str:
    return "".join(" " * token.gap + token.text for token in tokens)


def _applied(tokens: list[Token], number: int, *, whole: bool = True) -> list[Token]:
    """Write the brackets of a function that stands before its argument: sin 2*x**2 + 1 is sin(2*x**2) + 1."""
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        result.append(token)
        place += 1
        if token.text not in FUNCTIONS or following is None or following.gap == 0 or following.text == "(":
            continue
        if following.kind != "number" and not _is_word(following):
            continue
        end = _end_of_argument(tokens, place, number, whole=whole)
        inner = _applied(tokens[place:end], number, whole=False)
        result.extend((_sign("(", token, following), replace(inner[0], gap=0), *inner[1:]))
        result.append(_sign(")", inner[-1], None))
        place = end
    return result


def _two_ends(tokens: list[Token], first: int, place: int) -> Iterator[str]:
    """The whole line with the brackets of a function closed before an inserted product, and behind it."""
    behind = place + 1 + _end_of_product(tokens[place + 1 :])
    for end in (place, behind):
        yield f"{_text(tokens[:first])}({_text(tokens[first:end]).strip()}){_text(tokens[end:])}"


def _end_of_argument(tokens: list[Token], place: int, number: int, *, whole: bool) -> int:
    """A number, a name, a power of it, or an inserted product of such; a call is one factor.

    ``whole`` tells that the tokens are those of a whole line, which can be written anew."""
    first, start = place, tokens[place]
    while True:
        place += 1
        if place < len(tokens) and tokens[place - 1].kind == "name" and tokens[place].text == "(":
            place = _end_of_factor(tokens, place)
        if place + 1 < len(tokens) and tokens[place].text == "**":
            place = _end_of_factor(tokens, place + 1 + (tokens[place + 1].text == "-"))
        following = tokens[place] if place < len(tokens) else None
        if following is None or not following.inserted or following.text != "*":
            return place
        if tokens[place + 1].text in FUNCTIONS:
            return place
        if tokens[place - 1].kind != "number":
            name = tokens[place + 1].text
            raise VizgraphError(
                f"it is not clear where the argument before {name} ends",
                Span(number, start.column + 1, number, following.column + 2),
                f"write brackets, such as sin(x)*{name} or sin(x*{name})",
                tuple(Fix(number, line) for line in _two_ends(tokens, first, place)) if whole else (),
            )
        place += 1
