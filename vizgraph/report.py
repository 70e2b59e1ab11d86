"""Write a result as the JSON that others rely on, version 1."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from vizgraph.codec import decode, encode
from vizgraph.errors import VizgraphError
from vizgraph.model import Derivation, Edge, Fault, Finding, Fix, Node, Pass, Run, Span, View
from vizgraph.texts import phrase

READ: Final = 600  # nodes; of more the text is for programs alone, and blanks would be a third of it


def text(data: Mapping[str, Any]) -> str:
    """Return the result as the text of a file: indented where somebody may read it, else as short as can be."""
    small = all(len(view["nodes"]) <= READ for view in data["views"].values())
    lean = {"indent": 1} if small else {"separators": (",", ":")}
    return json.dumps(data, allow_nan=False, ensure_ascii=False, **lean) + "\n"


def to_dict(
    run: Run, views: Mapping[str, View], derivation: Derivation | None, findings: Iterable[Finding]
) -> dict[str, Any]:
    """Return the whole result; tensors and numbers as docs/json.md describes them."""
    return {
        "vizgraph": 1,
        "source": run.program.source if run.program else "",
        "printed": list(run.printed),
        "error": fault(run.error) if run.error else None,
        "notices": [fault(notice) for notice in run.notices],
        "leaves": {leaf.name: {"value": encode(leaf.value), "grad": encode(leaf.grad)} for leaf in run.leaves},
        "views": {name: _view(view) for name, view in views.items()},
        "derivation": _derivation(derivation) if derivation else None,
        "checks": [encode(check) for check in derivation.checks] if derivation else [],
        "warnings": list(run.warnings),
        "findings": [encode(finding) for finding in findings],
    }


def fault(error: Fault | VizgraphError) -> dict[str, Any]:
    """Return an error as its message, its place (from 1; None where it has none), why, and what to do."""
    span = error.span
    ours = isinstance(error, VizgraphError)  # what PyTorch says stays as PyTorch says it
    fixes: list[dict[str, Any]] = encode(error.fixes)
    told = error if isinstance(error, Fault) else None
    return {
        "message": phrase(error.message) if ours else error.message,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "hint": phrase(error.hint) if error.hint else None,
        "why": told.why if told else None,
        "node": told.node if told else None,
        "also": list(told.also) if told else [],
        "fix": fixes[0] if fixes else None,
        "fixes": fixes,
    }


def read_fault(data: Mapping[str, Any]) -> VizgraphError:
    """Return the error that `fault` made ``data`` of."""
    line, column = data["line"], data["column"]
    span = Span(line, column, line, column + 1) if line else None
    fixes = tuple(decode(Fix, fix) for fix in data.get("fixes", ()))
    return VizgraphError(data["message"], span, data["hint"], fixes)


def _view(view: View) -> dict[str, Any]:
    return {
        "nodes": [_node(node) for node in view.graph.nodes],
        "edges": [_edge(edge) for edge in view.graph.edges],
        "outputs": list(view.graph.outputs),
        "passes": [_pass(one) for one in view.passes],
        "changes": [
            {
                "leaf": change.leaf, "after_pass": change.passes, "how": change.how,
                "before": encode(change.before), "after": encode(change.after),
                "line": change.span.line if change.span else None,
            }
            for change in view.changes
        ],
    }  # fmt: skip


def _node(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "kind": node.kind,
        "operation": node.operation,
        "grad_fn": node.grad_fn,
        "name": node.name,
        "expression": node.expression,
        "shape": encode(node.shape),
        "dtype": node.dtype,
        "value": encode(node.value),
        "line": node.span.line if node.span else None,
        "module": node.module,
        "file": node.file,
        "backward_of": node.backward_of,
        "inside": encode(node.inside),
    }


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "id": edge.id, "source": edge.source, "target": edge.target, "slot": edge.slot,
        "result": edge.result, "flows": edge.flows,
    }  # fmt: skip


def _pass(one: Pass) -> dict[str, Any]:
    return {
        "line": one.span.line if one.span else None,
        "number": one.number,
        "seeds": [{"node": s.node, "gradient": encode(s.gradient), "result": s.result} for s in one.seeds],
        "steps": [
            {
                "node": step.node,
                "upstream": [encode(gradient) for gradient in step.upstream],
                "before": [encode(gradient) for gradient in step.before],
                "contributions": [
                    {"edge": c.edge, "gradient": encode(c.gradient), "local": encode(c.local)}
                    for c in step.contributions
                ],
            }
            for step in one.steps
        ],
        "gradients": {one.leaf: encode(one.gradient) for one in one.gradients},
        "grad": {one.leaf: {"before": encode(one.before), "after": encode(one.after)} for one in one.gradients},
    }


def _derivation(derivation: Derivation) -> dict[str, Any]:
    data: dict[str, Any] = encode(derivation)
    for name in (
        "checks",
        "cells",
        "links",
        "locals",
        "compact",
        "hessian",
    ):  # all but the first are markup for the board
        data.pop(name)
    return data
