from vizgraph.model import Call, Ref
from vizgraph.views.operands import references


def test_operands_in_lists_and_keywords_count_one_by_one() -> None:
    call = Call(
        "cat_1", "operation", "cat", ((Ref("a"), 2.0, Ref("b")), 0), (("out", Ref("c", 1)),), (), None, "", (), None
    )
    assert list(references(call)) == [(Ref("a"), 0), (Ref("b"), 2), (Ref("c", 1), 4)]
