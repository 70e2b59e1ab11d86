"""The page of the language is what the tables say."""

from __future__ import annotations

from scripts import language_tables
from vizgraph.engine.library import modules
from vizgraph.language import syntax


def test_the_page_is_up_to_date() -> None:
    written = language_tables.TARGET.read_text(encoding="utf-8")
    assert written == language_tables.page(), "run python -m scripts.language_tables"


def test_every_function_and_construct_stands_on_it() -> None:
    page = language_tables.page()
    names = [name for module in modules.IMPORTS.values() for name in module.members]
    assert [name for name in names if f"`{name}`" not in page] == []
    assert set(language_tables.STATEMENTS) == set(syntax.STATEMENTS)
    assert set(language_tables.EXPRESSIONS) == set(syntax.EXPRESSIONS)
