"""Read the calls of small programs: kinds, names, operands, versions."""

from __future__ import annotations

from tests.engine.real import ours
from vizgraph.model import Call, Ref, Run, Slice

X = "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"


def calls(run: Run) -> dict[str, Call]:
    return {call.id: call for call in run.calls}


def kinds(run: Run) -> list[tuple[str, str]]:
    return [(call.kind, call.operation) for call in run.calls]


def test_a_leaf_a_constant_an_operation_and_a_cut_are_told_apart() -> None:
    run = ours(
        f"{X}c = torch.ones(3)\ny = x * c\nu = y.detach()\nk = c + 1\nwith torch.no_grad():\n    v = x + 1\n"
        "(y * u).sum().backward()"
    )
    by_name = {call.name: call.kind for call in run.calls if call.name}
    assert by_name == {"x": "leaf", "c": "constant", "y": "operation", "u": "cut", "k": "constant", "v": "cut"}


def test_the_same_operation_has_one_name_however_it_is_written() -> None:
    run = ours(
        f"{X}a = x * x\nb = torch.mul(x, x)\nc = x.mul(x)\nd = torch.multiply(x, x)\n(a + b + c + d).sum().backward()"
    )
    products = [call for call in run.calls if call.operation == "mul"]
    assert [call.name for call in products] == ["a", "b", "c", "d"]
    assert all(call.arguments == (Ref("x"), Ref("x")) for call in products)
    assert [call.id for call in products] == ["mul_1", "mul_2", "mul_3", "mul_4"]


def test_indices_slices_and_keywords_are_kept_as_written() -> None:
    run = ours(f"{X}y = x[1:]\nz = y[-1]\nm = torch.sum(x, dim=0, keepdim=True)\n(z + m).sum().backward()")
    by_name = {call.name: call for call in run.calls if call.name}
    assert by_name["y"].arguments == (Ref("x"), Slice(1, None, None))
    assert by_name["z"].arguments == (Ref(by_name["y"].id), -1)
    assert by_name["m"].keywords == (("dim", 0), ("keepdim", True))
    assert by_name["m"].expression == "torch.sum(x, dim=0, keepdim=True)"
    assert (by_name["m"].span.line, by_name["m"].span.column) == (5, 5)


def test_a_call_owns_every_function_that_it_added() -> None:
    run = ours(f"{X}y = torch.outer(x, x)\ny.sum().backward()")
    outer = next(call for call in run.calls if call.operation == "outer")
    assert outer.nodes[0] == outer.id
    owned = {node.grad_fn for node in run.graph.nodes if node.id in outer.nodes}
    assert (
        owned == {"MulBackward0", "ViewBackward0"}
        or owned == {"MulBackward0", "ReshapeAliasBackward0"}
        or "MulBackward0" in owned
    )
    assert {node.id for node in run.graph.nodes} == {call.id for call in run.calls} | set(outer.nodes)


def test_results_of_one_call_are_told_apart_by_their_number() -> None:
    run = ours(f"{X}a, b, c = x.unbind()\nz = a * c\nz.backward()")
    product = next(call for call in run.calls if call.operation == "mul")
    assert product.arguments == (Ref("unbind_1", 0), Ref("unbind_1", 2))
    assert len(calls(run)["unbind_1"].values) == 3


def test_a_name_in_a_loop_names_every_turn() -> None:
    run = ours(f"{X}y = x\nfor i in range(3):\n    y = y * x\ny.sum().backward()")
    assert [call.id for call in run.calls if call.name == "y"] == ["mul_1", "mul_2", "mul_3"]


def test_an_index_write_is_a_call_with_base_index_and_value() -> None:
    run = ours(f"{X}y = torch.zeros(3)\ny[0] = x[1]\ny[1:] = 7\ny.sum().backward()")
    first, second = (call for call in run.calls if call.operation == "write")
    assert first.arguments == (Ref("y"), 0, Ref("index_1"))
    assert second.arguments == (Ref(first.id), Slice(1, None, None), 7)
    assert second.values[0].entries == (2.0, 7.0, 7.0)
    assert (first.inplace, first.name, first.kind) == (True, "y", "operation")
    assert calls(run)["y"].kind == "constant"


def test_the_value_of_a_write_is_what_it_was_before_the_write() -> None:
    run = ours(f"{X}y = x * 1\ny[1] = y[0]\ny.sum().backward()")
    read = next(call for call in run.calls if call.operation == "index")
    write = next(call for call in run.calls if call.operation == "write")
    assert read.arguments == (Ref("mul_1"), 0)
    assert write.arguments == (Ref("mul_1"), 1, Ref(read.id))


def test_a_write_through_a_view_is_a_write_into_its_base_and_shows_in_both() -> None:
    run = ours(f"{X}y = x * 1\nv = y[0]\nv.mul_(10)\nz = y.sum() + v\nz.backward()")
    by_id = calls(run)
    product = next(call for call in run.calls if call.operation == "mul" and call.inplace)
    write = next(call for call in run.calls if call.operation == "write")
    reread = [call for call in run.calls if call.operation == "index"][-1]
    assert write.arguments == (Ref("mul_1"), 0, Ref(product.id))
    assert reread.arguments == (Ref(write.id), 0)
    assert write.values[0].entries == (10.0, 2.0, 3.0)
    assert by_id[write.id].nodes
    assert by_id[reread.id].nodes
    assert product.nodes == ()
    assert next(call for call in run.calls if call.name == "z").arguments[1] == Ref(reread.id)


def test_a_view_shows_what_was_written_into_its_base() -> None:
    run = ours(f"{X}y = x * 1\nv = y[:2]\ny.add_(5)\nz = v.sum()\nz.backward()")
    views = [call for call in run.calls if call.name == "v"]
    assert [call.values[0].entries for call in views] == [(1.0, 2.0), (6.0, 7.0)]
    assert next(call for call in run.calls if call.name == "z").arguments == (Ref(views[-1].id),)


def test_a_write_through_detach_changes_the_leaf_that_is_used_afterwards() -> None:
    run = ours(f"{X}u = x.detach()\nu[0] = 9\nz = (x * x).sum()\nz.backward()")
    assert calls(run)["x"].values[0].entries == (9.0, 2.0, 3.0)
    assert run.leaves[0].grad is not None
    assert run.leaves[0].grad.entries == (18.0, 4.0, 6.0)


def test_an_updated_leaf_shows_the_value_of_its_last_use_and_ends_with_its_last_value() -> None:
    run = ours(
        "import torch\nw = torch.tensor(1.0, requires_grad=True)\nfor i in range(3):\n    loss = (w - 3) ** 2\n"
        "    loss.backward()\n    with torch.no_grad():\n        w -= 0.25 * w.grad\n    w.grad = None\n"
    )
    assert [call.id for call in run.calls if call.kind == "leaf"] == ["w"]
    assert calls(run)["w"].values[0].entries == (2.5,)
    assert run.leaves[0].value.entries == (2.75,)
    assert [one.gradients[0].gradient.entries for one in run.passes] == [(-4.0,), (-2.0,), (-1.0,)]


def test_data_is_another_tensor_with_the_memory_of_the_leaf() -> None:
    run = ours("import torch\nw = torch.tensor(2.0, requires_grad=True)\nw.data -= 1\nz = w * w\nz.backward()")
    assert calls(run)["w"].values[0].entries == (1.0,)
    assert run.leaves[0].grad is not None
    assert run.leaves[0].grad.entries == (2.0,)


def test_grad_as_an_operand_is_a_constant_with_its_value_at_that_time() -> None:
    run = ours(
        f"{X}(x * 2).sum().backward()\na = x.grad * 1\n(x * 3).sum().backward()\nb = x.grad * 1\n"
        "(a * x).sum().backward()"
    )
    products = {call.name: call.arguments[0] for call in run.calls if call.name in ("a", "b")}
    values = {name: calls(run)[ref.id].values[0].entries for name, ref in products.items() if isinstance(ref, Ref)}
    assert values == {"a": (2.0, 2.0, 2.0), "b": (5.0, 5.0, 5.0)}


def test_a_tensor_made_of_numbers_of_leaves_is_a_cut_that_knows_them() -> None:
    run = ours(
        "import torch\na = torch.tensor(1.0, requires_grad=True)\nt = torch.tensor([a, a * 2])\n"
        "(t * a).sum().backward()"
    )
    cut = next(call for call in run.calls if call.name == "t")
    assert cut.kind == "cut"
    assert cut.arguments == ((Ref("a"), Ref("mul_1")),)


def test_detaching_in_place_cuts() -> None:
    run = ours(f"{X}y = x * 3\ny.detach_()\nz = (y * x).sum()\nz.backward()")
    assert ("cut", "detach") in kinds(run)
    assert run.leaves[0].grad is not None
    assert run.leaves[0].grad.entries == (3.0, 6.0, 9.0)


def test_what_becomes_a_leaf_later_is_a_leaf() -> None:
    run = ours(
        "import torch\nx = torch.ones(2)\nx.requires_grad_()\ny = x.detach().requires_grad_()\n(x * y).sum().backward()"
    )
    assert [(leaf.name, leaf.grad is not None) for leaf in run.leaves] == [("x", True), ("y", True)]
    assert {call.name: call.kind for call in run.calls if call.name} == {"x": "leaf", "y": "leaf"}
