from dataclasses import replace

from tests.handmade import Sketch, assembled
from vizgraph.model import Call, Ref, Run, Slice
from vizgraph.views.assembly import assemblies


def with_calls(run: Run, **changed: Call) -> Run:
    return replace(run, calls=tuple(changed.get(call.id, call) for call in run.calls))


def test_a_chain_of_writes_is_one_assembly_named_by_its_last_write() -> None:
    (assembly,) = assemblies(assembled()).values()
    assert assembly.id == "write_2"
    assert assembly.base == Ref("randn_1")
    assert [write.id for write in assembly.writes] == ["write_1", "write_2"]
    assert assembly.expression == "[y[0], y[1]]"
    assert assembly.covers_base


def test_entries_that_were_not_written_are_left_open() -> None:
    run = assembled()
    second = next(call for call in run.calls if call.id == "write_2")
    (assembly,) = assemblies(with_calls(run, write_2=replace(second, arguments=(Ref("write_1"), 0, Ref("a"))))).values()
    assert assembly.expression == "[y[0], y[0], …]"
    assert not assembly.covers_base


def test_indices_are_written_as_in_the_program() -> None:
    run = assembled()
    second = next(call for call in run.calls if call.id == "write_2")
    for index, text in (
        (-1, "y[-1]"),
        (Slice(1, None, None), "y[1:]"),
        (Slice(None, None, 2), "y[::2]"),
        ((0, Slice(None, 3, None), None), "y[0, :3, None]"),
        (Ref("mask_1"), "y[mask_1]"),
    ):
        changed = replace(second, arguments=(Ref("write_1"), index, Ref("a")))
        (assembly,) = assemblies(with_calls(run, write_2=changed)).values()
        assert assembly.entry(1) == text


def test_a_version_that_something_else_reads_stays_a_node() -> None:
    """y[0] = a; y[1] = y[0] * 2 reads the first version: two assemblies, one written into the other."""
    run = assembled()
    read = replace(run.calls[-1], id="index_1", operation="index", arguments=(Ref("write_1"), 0))
    found = assemblies(replace(run, calls=(*run.calls, read)))
    assert {id: [write.id for write in assembly.writes] for id, assembly in found.items()} == {
        "write_1": ["write_1"],
        "write_2": ["write_2"],
    }


def test_a_version_on_which_backward_was_called_stays_a_node() -> None:
    run = assembled()
    graph = replace(run.graph, outputs=("write_1", "write_2"))
    assert set(assemblies(replace(run, graph=graph))) == {"write_1", "write_2"}


def test_writes_of_plain_numbers_belong_to_the_chain_but_are_no_assembly_alone() -> None:
    sketch = Sketch()
    sketch.constant("zeros_1", [0.0, 0.0], 2, operation="zeros")
    sketch.constant("write_1", [5.0, 0.0], Ref("zeros_1"), 0, 5.0, operation="write")
    assert assemblies(sketch.run()) == {}
    sketch.leaf("a", 2.0)
    sketch.operation("write_2", "write", (Ref("write_1"), 1, Ref("a")), [5.0, 2.0], name="y", inputs=(None, "a"))
    (assembly,) = assemblies(sketch.run("write_2")).values()
    assert assembly.expression == "[y[0], y[1]]"
    assert assembly.base == Ref("zeros_1")
