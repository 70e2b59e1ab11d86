"""Hold the page's address to its promise: what was written is read back, and nonsense is left out."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vizgraph.ui.address import LONGEST, NAMES, Address, fits, read, write

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"), max_size=40)
pairs = st.dictionaries(names, texts, max_size=6).map(lambda texts: tuple(texts.items()))
addresses = st.builds(
    Address,
    lesson=st.none() | st.from_regex(r"[a-z0-9_]{1,20}", fullmatch=True),
    program=st.none() | texts,
    values=pairs,
    requires_grad=st.none() | st.lists(names, unique=True, max_size=4).map(tuple),
    gradient=st.none() | texts | pairs.filter(bool),
    step=st.integers(0, 10**6),
    view=st.sampled_from(["math", "engine"]),
    projector=st.booleans(),
    language=st.sampled_from(["en", "zh"]),
)


FIELDS = {"v": "gradient", "lang": "language", "model": "lesson"}  # where a parameter is called otherwise
# a busy machine may draw slowly, and read slowly
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patiently
@given(addresses)
def test_what_was_written_is_read_back(address):
    assert read(write(address)) == (address, ())


@patiently
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60)))
def test_any_text_in_the_address_is_read_or_named_as_ignored(params):
    address, ignored = read(params)
    assert set(ignored) <= set(params)
    untouched = Address()
    read_ones = {FIELDS.get(name, name) for name in set(params) - set(ignored)}
    for name in ignored:
        field = FIELDS.get(name, name)
        assert field in read_ones or getattr(address, field) == getattr(untouched, field)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("step", "-1"), ("step", "1e3"), ("step", "٣"), ("step", "99999999999"), ("view", "<svg>"),
        ("lesson", "../../etc/passwd"), ("projector", "yes"), ("values", "x~1~y"), ("values", "x-y~1"),
        ("values", "x~1~x~2"), ("values", "~".join(f"x{i}~1" for i in range(25))), ("requires_grad", "a~b c"),
        ("requires_grad", ""), ("lang", "xx"), ("v", "y~1~z"), ("v", "\0"), ("program", "y = 1 + 1\n" * 1000),
    ],
)  # fmt: skip
def test_a_parameter_that_makes_no_sense_is_ignored_by_name(name, text):
    assert read({name: text, "lesson2": "x"}) == (Address(), (name,))


def test_a_program_that_is_too_long_for_an_address_is_left_out():
    address = Address(lesson="gates", program="y = a + b\n" * 700, values=(("a", "1"),), step=4, view="engine")
    assert write(address) == {"lesson": "gates", "view": "engine"}


@patiently
@given(addresses)
def test_an_address_is_never_too_long(address):
    assert len(urlencode(write(address))) <= LONGEST


def test_the_longest_address_stands_in_the_limit():
    program = "a" * (LONGEST - len("program") - 2)
    assert write(Address(program=program)) == {"program": program}
    assert fits(Address(program=program))
    assert write(Address(program=program + "a")) == {}
    assert not fits(Address(program=program + "a"))
