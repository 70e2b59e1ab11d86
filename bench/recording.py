"""Time what recording adds to forward and backward of a 12-layer GPT-2 with random weights."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

from bench import table
from vizgraph import engine
from vizgraph.engine.recording import backward, walk
from vizgraph.engine.recording.freeze import freeze

NO_WORDS = {"bos_token_id": 0, "eos_token_id": 0, "loss_type": "ForCausalLM"}  # else it warns
CONFIGURATIONS = {
    "n_embd 48": GPT2Config(n_layer=12, n_embd=48, n_head=4, vocab_size=1000, **NO_WORDS),
    "n_embd 768": GPT2Config(n_layer=12, n_embd=768, n_head=12, **NO_WORDS),
}
TOKENS = 16


def main() -> None:
    logging.set_verbosity_error()
    for name, configuration in CONFIGURATIONS.items():
        torch.manual_seed(0)
        measure(f"GPT-2, 12 layers, {name}", GPT2LMHeadModel(configuration).train())


def measure(name: str, model: torch.nn.Module) -> None:
    tokens = torch.randint(0, 1000, (1, TOKENS))

    def loss() -> torch.Tensor:
        model.zero_grad()
        return model(tokens, labels=tokens).loss

    def functions(result: torch.Tensor) -> list[walk.Function]:
        return walk.walk([walk.root_of(result)[0]])

    def recorded() -> None:
        result = loss()
        root = walk.root_of(result)[0]
        backward.record(functions(result), result.backward, backward.Listener(freeze).hear, {root})

    plain = table.milliseconds(lambda: loss().backward(), times=10)
    nodes = len(functions(loss()))
    for what, run, goal in (
        ("recorded", recorded, "<= 3 x"),
        ("trace, a whole Run", lambda: engine.trace(loss()), ""),
    ):
        took = table.milliseconds(run, times=10)
        beside = f"plain {table.ms(plain)}: {took / plain:.2f} x, {nodes} nodes"
        table.row(f"{name}: {what}", table.ms(took), beside, goal)


if __name__ == "__main__":
    main()
