"""Hold every model of the shelf to what real Python and PyTorch make of the same program."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from torch import Tensor, nn
from torch.nn.modules import module as hooks

from tests.engine.real import Outcome, ours, real
from vizgraph import lessons
from vizgraph.grouping import Group, outline
from vizgraph.lessons import Lesson
from vizgraph.model import Run, Value
from vizgraph.notation import metrics
from vizgraph.texts import LANGUAGES, speaking
from vizgraph.views import engine, math

MODELS = [pytest.param(one, id=one.id) for one in lessons.models()]


@pytest.fixture(scope="module")
def play() -> Any:
    """What torch made of a model, and what the language made of it, each once."""
    done: dict[str, tuple[Outcome, Run]] = {}

    def play_it(one: Lesson) -> tuple[Outcome, Run]:
        if one.id not in done:
            done[one.id] = real(one.program), ours(one.program)
        return done[one.id]

    return play_it


def parameters(outcome: Outcome) -> dict[str, nn.Parameter]:
    """The parameters of the one model that a program holds in a variable."""
    ((variable, model),) = [(name, one) for name, one in outcome.names.items() if isinstance(one, nn.Module)]
    return {f"{variable}.{name}": one for name, one in model.named_parameters()}


def assert_same(value: Value | None, tensor: Tensor, what: str) -> None:
    assert value is not None, what
    assert value.shape == tuple(tensor.shape), what
    numbers = tensor.double()
    assert value.norm == pytest.approx(numbers.norm().item(), rel=1e-5), what
    assert (value.minimum, value.maximum) == pytest.approx((numbers.min().item(), numbers.max().item()), rel=1e-5), what
    if value.entries is not None:
        assert list(value.entries) == pytest.approx(numbers.flatten().tolist(), rel=1e-5, abs=1e-7), what


@pytest.mark.parametrize("one", MODELS)
def test_a_model_prints_the_loss_that_torch_prints(one: Lesson, play: Any) -> None:
    outcome, run = play(one)
    assert outcome.error is None
    assert run.error is None
    assert list(run.printed) == outcome.printed
    assert run.printed[0].startswith("loss ")


@pytest.mark.parametrize("one", MODELS)
def test_every_parameter_has_the_gradient_that_torch_gives_it(one: Lesson, play: Any) -> None:
    outcome, run = play(one)
    leaves = {leaf.name: leaf for leaf in run.leaves}
    for name, parameter in parameters(outcome).items():
        assert parameter.grad is not None
        assert_same(leaves[name].value, parameter.detach(), name)
        assert_same(leaves[name].grad, parameter.grad, f"{name}.grad")


@pytest.mark.parametrize("one", MODELS)
def test_every_operation_knows_the_module_in_which_torch_ran_it(one: Lesson) -> None:
    """Torch's own hooks tell which modules were called and how often."""
    called: list[nn.Module] = []
    handle = hooks.register_module_forward_hook(lambda module, *_: called.append(module))
    try:
        outcome = real(one.program)
    finally:
        handle.remove()
    names = {
        inner: f"{name}.{path}" if path else name
        for name, model in outcome.names.items()
        if isinstance(model, nn.Module)
        for path, inner in model.named_modules()
    }
    times = Counter(names[module] for module in called)
    ran = {call.module for call in ours(one.program).calls if call.module is not None}
    found = Counter(re.sub(r"#\d+", "", path) for path in ran)
    assert set(found) <= set(times)
    innermost = {name for module, name in names.items() if name in times and not list(module.children())}
    assert {name: found[name] for name in innermost} == {name: times[name] for name in innermost}


@pytest.mark.parametrize(
    ("id", "titles"),
    [
        ("tiny_gpt", ["model.blocks.0", "model.blocks.1"]),
        ("transformer_block", ["block.attention", "block.mlp"]),
        ("lstm", ["model.cell", *(f"model.cell#{number}" for number in range(2, 7))]),
    ],
)
def test_a_large_model_is_drawn_as_groups_of_its_modules(id: str, titles: list[str], play: Any) -> None:
    one = lessons.lesson(id)
    assert one is not None
    _, run = play(one)
    for view in (math(run), engine(run)):
        found = outline(view)
        assert found is not None
        assert [unit.title for unit in found.top if isinstance(unit, Group)] == titles


def test_the_lstm_is_the_one_of_torch() -> None:
    """The same weights in nn.LSTMCell, whose gates stand in the order write, forget, new, read."""
    one = lessons.lesson("lstm")
    assert one is not None
    names = real(one.program).names
    model, wave, hidden = names["model"], names["wave"], 4
    cell = nn.LSTMCell(1, hidden)
    gates = model.cell.gates
    order = [*range(hidden, 2 * hidden), *range(hidden), *range(3 * hidden, 4 * hidden), *range(2 * hidden, 3 * hidden)]
    cell.load_state_dict(
        {
            "weight_ih": gates.weight.detach()[order, :1],
            "weight_hh": gates.weight.detach()[order, 1:],
            "bias_ih": gates.bias.detach()[order],
            "bias_hh": gates.bias.detach() * 0,
        }
    )
    h = c = gates.bias.new_zeros(1, hidden)
    for x in wave[:6]:
        h, c = cell(x.view(1, 1), (h, c))
    assert model.head(h).item() == pytest.approx(names["prediction"].item(), rel=1e-5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_model_has_a_title_a_sentence_a_text_and_a_question(language: str) -> None:
    stop, mark = ("。", "？") if language == "zh" else (".", "?")
    with speaking(language):
        for one in lessons.models():
            assert 3 <= metrics.cells(one.title) <= 24, one.id
            assert 28 <= metrics.cells(one.look) <= 200, one.id
            assert one.look.endswith(stop)
            assert one.text.endswith(stop)
            assert 3 <= one.text.count(stop) <= 6, one.id
            assert one.question.endswith(mark)


def test_the_shelf_is_the_last_theme_of_the_gallery() -> None:
    assert list(lessons.groups())[-1] == lessons.SHELF
    assert lessons.groups()[lessons.SHELF] == lessons.models()
    assert not {one.id for one in lessons.models()} & {one.id for one in lessons.lessons()}
