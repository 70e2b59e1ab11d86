"""Sound training code, as people write it: nothing serious is found in what it masks, detaches or starts at 0."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import vizgraph

Step = tuple[nn.Module, Tensor]


def perceptron(*widths: int) -> nn.Sequential:
    layers = [layer for pair in pairwise(widths) for layer in (nn.Linear(*pair), nn.ReLU())]
    return nn.Sequential(*layers[:-1])


def classifier() -> Step:
    model = perceptron(10, 32, 32, 3)
    return model, functional.cross_entropy(model(torch.randn(16, 10)), torch.randint(0, 3, (16,)))


class Block(nn.Module):
    def __init__(self, start: float) -> None:
        super().__init__()
        self.one, self.two = (nn.Conv2d(8, 8, 3, padding=1, bias=False) for _ in range(2))
        self.norm, self.last = nn.BatchNorm2d(8), nn.BatchNorm2d(8)
        nn.init.constant_(self.last.weight, start)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.last(self.two(torch.relu(self.norm(self.one(x))))))


def resnet(start: float = 1.0) -> Step:
    model = nn.Sequential(nn.Conv2d(3, 8, 3), Block(start), Block(start), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return model, functional.cross_entropy(model(torch.randn(8, 3, 12, 12)), torch.randint(0, 8, (8,)))


def resnet_whose_branches_start_at_0() -> Step:
    return resnet(0.0)


def transformer_with_padding() -> Step:
    model = nn.ModuleDict(
        {
            "embed": nn.Embedding(20, 16, padding_idx=0),
            "encode": nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), 2),
            "head": nn.Linear(16, 20),
        }
    )
    tokens = torch.randint(1, 20, (3, 7))
    tokens[1, 4:] = 0
    padding = torch.zeros(3, 7).masked_fill(tokens == 0, -math.inf)
    later = nn.Transformer.generate_square_subsequent_mask(7)
    hidden = model["encode"](model["embed"](tokens), mask=later, src_key_padding_mask=padding)
    return model, functional.cross_entropy(model["head"](hidden).flatten(0, 1), tokens.flatten(), ignore_index=0)


def attention_of_ones_own() -> Step:
    model, x = nn.ModuleDict({name: nn.Linear(8, 8) for name in "qkvo"}), torch.randn(2, 6, 8)
    scores = model["q"](x) @ model["k"](x).transpose(1, 2) / 8**0.5
    scores = scores.masked_fill(torch.ones(6, 6).triu(1).bool(), -math.inf)
    return model, model["o"](scores.softmax(-1) @ model["v"](x)).square().mean()


def recurrent() -> Step:
    model = nn.ModuleDict({"rnn": nn.LSTM(8, 16, 2, batch_first=True), "head": nn.Linear(16, 2)})
    hidden, _ = model["rnn"](torch.randn(4, 9, 8))
    return model, functional.cross_entropy(model["head"](hidden[:, -1]), torch.tensor([0, 1, 0, 1]))


def truncated_recurrence() -> Step:
    cell, state = nn.GRUCell(4, 8), torch.zeros(2, 8)
    for _ in range(3):
        state = cell(torch.randn(2, 4), state)
    state = state.detach()
    for _ in range(3):
        state = cell(torch.randn(2, 4), state)
    return cell, state.square().mean()


def generator() -> Step:
    made, judge = perceptron(4, 16, 2), nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    score = judge(made(torch.randn(16, 4)))
    return made, functional.binary_cross_entropy_with_logits(score, torch.ones(16, 1))


def discriminator() -> Step:
    made, judge = perceptron(4, 16, 2), nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    real, fake = judge(torch.randn(16, 2)), judge(made(torch.randn(16, 4)).detach())
    return judge, functional.softplus(-real).mean() + functional.softplus(fake).mean()


def gradient_penalty() -> Step:
    judge = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    mixed = torch.randn(16, 2, requires_grad=True)
    (slope,) = torch.autograd.grad(judge(mixed).sum(), mixed, create_graph=True)
    return judge, judge(torch.randn(16, 2)).mean() - judge(torch.randn(16, 2)).mean() + (
        slope.norm(dim=1) - 1
    ).square().mean()


def actor_and_critic() -> Step:
    model, state = nn.ModuleDict({"actor": nn.Linear(4, 2), "critic": nn.Linear(4, 1)}), torch.randn(8, 4)
    choice, worth = torch.distributions.Categorical(logits=model["actor"](state)), model["critic"](state).squeeze(1)
    action, reward = choice.sample(), torch.randn(8)
    policy = -(choice.log_prob(action) * (reward - worth).detach()).mean()
    return model, policy + (reward - worth).square().mean() - 0.01 * choice.entropy().mean()


def clipped_policy() -> Step:
    model, state = nn.Linear(4, 2), torch.randn(8, 4)
    with torch.no_grad():
        before = torch.distributions.Categorical(logits=model(state))
        action = before.sample()
        old, gain = before.log_prob(action), torch.randn(8)
    ratio = (torch.distributions.Categorical(logits=model(state)).log_prob(action) - old).exp()
    return model, -torch.minimum(ratio * gain, ratio.clamp(0.8, 1.2) * gain).mean()


def target_network() -> Step:
    model = perceptron(4, 16, 2)
    target, state = copy.deepcopy(model), torch.randn(8, 4)
    with torch.no_grad():
        worth = 1 + 0.9 * target(torch.randn(8, 4)).max(1).values
    chosen = model(state).gather(1, torch.randint(0, 2, (8, 1))).squeeze(1)
    return model, functional.smooth_l1_loss(chosen, worth)


def student_and_frozen_teacher() -> Step:
    student, teacher = perceptron(8, 16, 4), perceptron(8, 16, 4)
    teacher.requires_grad_(False)
    x = torch.randn(16, 8)
    loss = functional.kl_div(student(x).log_softmax(1), teacher(x).softmax(1), reduction="batchmean")
    return nn.ModuleDict({"student": student, "teacher": teacher}), loss


def contrast() -> Step:
    model, x = perceptron(8, 16, 8), torch.randn(16, 8)
    code = functional.normalize(torch.cat([model(x), model(x + 0.1 * torch.randn_like(x))]), dim=1)
    alike = (code @ code.T / 0.5).masked_fill(torch.eye(32, dtype=torch.bool), -math.inf)
    return model, functional.cross_entropy(alike, torch.cat([torch.arange(16) + 16, torch.arange(16)]))


def quantised_autoencoder() -> Step:
    model = nn.ModuleDict({"encode": nn.Linear(8, 4), "book": nn.Embedding(4, 4), "decode": nn.Linear(4, 8)})
    x = torch.rand(16, 8)
    code = model["encode"](x)
    nearest = model["book"](torch.cdist(code, model["book"].weight).argmin(1))
    loss = functional.mse_loss(nearest, code.detach()) + 0.25 * functional.mse_loss(code, nearest.detach())
    return model, functional.mse_loss(model["decode"](code + (nearest - code).detach()), x) + loss


def variational_autoencoder() -> Step:
    model, x = nn.ModuleDict({"encode": nn.Linear(8, 4), "decode": nn.Linear(2, 8)}), torch.rand(6, 8)
    mean, spread = model["encode"](x).chunk(2, 1)
    code = mean + torch.randn_like(mean) * (spread / 2).exp()
    restored = functional.binary_cross_entropy_with_logits(model["decode"](code), x)
    return model, restored - 0.5 * (1 + spread - mean.square() - spread.exp()).mean()


class Adapter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.base = nn.Linear(8, 8).requires_grad_(False)
        self.a, self.b = nn.Parameter(torch.randn(2, 8)), nn.Parameter(torch.zeros(8, 2))

    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + x @ self.a.T @ self.b.T


def adapters() -> Step:
    model = nn.Sequential(Adapter(), nn.ReLU(), Adapter())
    return model, model(torch.randn(4, 8)).square().mean()


def mixed_precision() -> Step:
    model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.LayerNorm(32), nn.Linear(32, 4))
    with torch.autocast("cpu", torch.float16):
        loss = functional.cross_entropy(model(torch.randn(16, 8)), torch.randint(0, 4, (16,)))
    return model, loss * 2.0**16


def physics() -> Step:
    model, t = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1)), torch.linspace(0, 1, 8)[:, None]
    t.requires_grad_()
    u = model(t)
    (slope,) = torch.autograd.grad(u.sum(), t, create_graph=True)
    (bend,) = torch.autograd.grad(slope.sum(), t, create_graph=True)
    return model, (bend + u).square().mean() + (model(torch.zeros(1, 1)) - 1).square().mean()


def logs_and_metrics() -> Step:
    model = perceptron(4, 8, 3)
    scores = model(torch.randn(8, 4))
    loss = functional.cross_entropy(scores, torch.randint(0, 3, (8,)))
    _ = (scores.argmax(1) == 0).float().mean().item(), float(loss), scores.detach().numpy().tolist()
    return model, loss


def margin_that_is_met() -> Step:
    model, x = nn.Linear(4, 4), torch.randn(8, 4)
    return model, functional.triplet_margin_loss(model(x), model(x + 0.01), model(x * -50))


STEPS: tuple[Callable[[], Step], ...] = (
    classifier, resnet, resnet_whose_branches_start_at_0, transformer_with_padding, attention_of_ones_own, recurrent,
    truncated_recurrence, generator, discriminator, gradient_penalty, actor_and_critic, clipped_policy, target_network,
    student_and_frozen_teacher, contrast, quantised_autoencoder, variational_autoencoder, adapters, mixed_precision,
    physics, logs_and_metrics, margin_that_is_met,
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@pytest.mark.filterwarnings("ignore")
def test_nothing_serious_is_found_in_sound_code(step: Callable[[], Step]) -> None:
    torch.manual_seed(0)
    with vizgraph.record() as recording:
        model, loss = step()
    assert recording.trace(loss, names=model).findings.serious == ()
    loss.backward()
    reached = [one.grad for one in model.parameters() if one.requires_grad]
    assert all(gradient is not None and gradient.isfinite().all() for gradient in reached)
