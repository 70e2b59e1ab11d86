"""The modules of the player reach a page as one."""

from __future__ import annotations

import re
from pathlib import Path

from vizgraph import web

FOLDER = Path(web.__file__).parent


def test_every_module_of_the_player_is_in_the_joined_one_and_none_is_loaded() -> None:
    script = web.script()
    assert not re.search(r"^import ", script, re.MULTILINE)
    for module in FOLDER.glob("*.js"):
        if module.name == "apart.js":
            continue  # where the code comes alone
        for name in re.findall(r"^(?:export (?:default )?)?(?:function|class) (\w+)", module.read_text("utf-8"), re.M):
            assert re.search(rf"(?:function|class) {name}\b", script), f"{name} of {module.name}"


def test_no_two_modules_give_one_name_to_two_things() -> None:
    names = re.findall(r"^(?:export (?:default )?)?(?:const|let|function|class) (\w+)", web.script(), re.M)
    assert sorted(names) == sorted(set(names))


def test_what_a_module_uses_stands_before_it() -> None:
    for place, name in enumerate(web.MODULES):
        used = re.findall(r'from "\./([\w-]+\.js)"', web.read(name))
        assert all(web.MODULES.index(other) < place for other in used)


def test_nothing_but_comments_and_indentation_is_left_out_of_a_lean_script() -> None:
    both = web.script()
    for line in both.splitlines():
        assert line.count("`") % 2 == 0, f"a text over several lines would lose its indentation: {line}"
    both = re.sub(r"\s+// [^\"'`\n]*$", "", both, flags=re.MULTILINE)
    kept = re.sub(r"^\s*(//.*|/\*\*.*|\* .*|\*/|\*)$", "", both, flags=re.MULTILINE)
    assert "".join(web.lean(both).split()) == "".join(kept.split())


def test_a_component_of_the_page_brings_no_code_of_its_own() -> None:
    assert len(web.entrance("player")) < 1000
    assert web.script() in web.code()
    for name in re.findall(r"(\w+):", web.code().rpartition("apart.bring({")[2].partition("}")[0]):
        assert f".{name}(call)" in web.entrance(name)
