"""Where a finding stands in each view."""

from __future__ import annotations

import vizgraph
from vizgraph.findings.places import Places


def test_a_finding_about_an_inner_step_stands_on_the_operation_as_written() -> None:
    picture = vizgraph.visualize(
        "import torch\nx = torch.tensor([0.0, 1.0], requires_grad=True)\ny = 1 / x\ny.sum().backward()\n"
    )
    finding = next(one for one in picture.findings if one.kind == "gradient")
    (inner,) = finding.nodes
    assert picture.run.graph.nodes[[node.id for node in picture.run.graph.nodes].index(inner)].grad_fn == (
        "ReciprocalBackward0"
    )
    places = Places(picture.run, picture.views).of(finding)
    (written,) = places["math"]["nodes"]
    assert {node.id: node.expression for node in picture.views["math"].graph.nodes}[written] == "1 / x"
    assert places["engine"]["nodes"] == [inner]


def test_the_payload_tells_every_finding_with_its_places() -> None:
    picture = vizgraph.visualize(
        "import torch\nx = torch.ones(2, requires_grad=True)\nb = torch.ones(2, requires_grad=True)\n"
        "y = x + b.detach()\ny.sum().backward()\n"
    )
    (told,) = picture.payload()["findings"]
    assert told["sentence"] == picture.findings[0].sentence
    assert told["views"]["math"] == {"nodes": ["b", "detach_1"], "edges": []}
    assert told["views"]["engine"] == {"nodes": [], "edges": []}
