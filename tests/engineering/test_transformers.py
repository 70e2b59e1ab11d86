"""Models of the transformers package, with random weights: code that we did not write."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import vizgraph
from tests.engine.operators import assert_exact
from tests.engine.untouched import untouched

os.environ["HF_HUB_OFFLINE"] = "1"
pytestmark = pytest.mark.filterwarnings("ignore")
SMALL = {"vocab_size": 50}
SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def gpt2() -> tuple[nn.Module, dict[str, Any]]:
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(
        GPT2Config(**SMALL, n_positions=16, n_embd=16, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0)
    )
    tokens = torch.randint(0, 50, (2, 8))
    return model, {"input_ids": tokens, "labels": tokens}


def bert() -> tuple[nn.Module, dict[str, Any]]:
    from transformers import BertConfig, BertForSequenceClassification

    model = BertForSequenceClassification(BertConfig(**SMALL, **SIZES, max_position_embeddings=16))
    mask = torch.ones(2, 8, dtype=torch.long)
    mask[1, 5:] = 0
    tokens = torch.randint(0, 50, (2, 8))
    return model, {"input_ids": tokens, "attention_mask": mask, "labels": torch.tensor([0, 1])}


def t5() -> tuple[nn.Module, dict[str, Any]]:
    from transformers import T5Config, T5ForConditionalGeneration

    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
    model = T5ForConditionalGeneration(T5Config(**SMALL, **sizes, decoder_start_token_id=0))
    tokens = torch.randint(1, 50, (2, 8))
    return model, {"input_ids": tokens, "labels": tokens[:, :4].contiguous()}


def llama() -> tuple[nn.Module, dict[str, Any]]:
    """With grouped heads and rotary positions, each block checkpointed."""
    from transformers import LlamaConfig, LlamaForCausalLM

    model = LlamaForCausalLM(LlamaConfig(**SMALL, **SIZES, num_key_value_heads=1, max_position_embeddings=16))
    model.gradient_checkpointing_enable()
    tokens = torch.randint(0, 50, (2, 8))
    return model.train(), {"input_ids": tokens, "labels": tokens}


def mixtral() -> tuple[nn.Module, dict[str, Any]]:
    """With two experts and a loss that balances them."""
    from transformers import MixtralConfig, MixtralForCausalLM

    experts = {"num_key_value_heads": 1, "num_local_experts": 2, "output_router_logits": True}
    model = MixtralForCausalLM(MixtralConfig(**SMALL, **SIZES, **experts))
    tokens = torch.randint(0, 50, (2, 8))
    return model, {"input_ids": tokens, "labels": tokens}


def vit() -> tuple[nn.Module, dict[str, Any]]:
    from transformers import ViTConfig, ViTForImageClassification

    model = ViTForImageClassification(ViTConfig(**SIZES, image_size=8, patch_size=4, num_labels=3))
    return model, {"pixel_values": torch.randn(2, 3, 8, 8), "labels": torch.tensor([0, 2])}


def whisper() -> tuple[nn.Module, dict[str, Any]]:
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    sizes = {"encoder_layers": 1, "decoder_layers": 1}
    sizes |= {"encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16}
    sizes |= {"d_model": 16, "num_mel_bins": 4, "max_source_positions": 8, "max_target_positions": 8}
    tokens = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}
    model = WhisperForConditionalGeneration(WhisperConfig(**SMALL, **sizes, **tokens))
    return model, {"input_features": torch.randn(1, 4, 16), "labels": torch.randint(3, 50, (1, 6))}


MODELS: dict[str, Callable[[], tuple[nn.Module, dict[str, Any]]]] = {
    make.__name__: make for make in (gpt2, bert, t5, llama, mixtral, vit, whisper)
}


@pytest.mark.parametrize("name", MODELS)
def test_its_graph_is_exact_sound_and_placed_in_its_modules(name: str) -> None:
    torch.manual_seed(0)
    model, given = MODELS[name]()
    with vizgraph.record(model) as recording:
        loss: Tensor = model(**given).loss
    with untouched([*model.parameters(), *model.buffers(), loss]):
        picture = recording.trace(loss)
        assert str(picture.findings) == "no findings"
    known = {name: one for name, one in model.named_parameters() if one.requires_grad}
    assert {leaf.name for leaf in picture.run.leaves} == set(known)
    modules = {path for path, _ in model.named_modules()}
    placed = [node.module for node in picture.run.graph.nodes if node.kind == "operation" and node.module]
    assert placed
    called = {re.sub(r"#\d+", "", path) for path in placed}  # without the number of a second call
    assert called <= modules | {"loss_fct"}  # one that its forward makes for the moment
    assert assert_exact(loss) is not None


def test_a_picture_of_it_shows_its_blocks_as_groups() -> None:
    torch.manual_seed(0)
    model, given = gpt2()
    with vizgraph.record(model) as recording:
        loss = model(**given).loss
    picture = recording.trace(loss)
    drawn = picture.dot()
    assert all(f"transformer.h.{block}" in drawn for block in (0, 1))
    assert len(picture.timeline.beats) < len(picture.run.graph.nodes)


def test_an_infinite_weight_is_named_before_all_that_follows_from_it() -> None:
    torch.manual_seed(0)
    model, given = gpt2()
    weight = "transformer.h.1.attn.c_attn.weight"
    model.get_parameter(weight).data[0] = float("inf")
    with vizgraph.record(model) as recording:
        loss = model(**given).loss
    first = recording.trace(loss).findings[0]
    assert (first.kind, first.severity) == ("value", "error")
    assert first.sentence == f"{weight} is inf before anything is computed."


def test_a_forgotten_head_is_found() -> None:
    torch.manual_seed(0)
    model, given = bert()
    model.add_module("forgotten", nn.Linear(16, 2))
    with vizgraph.record(model) as recording:
        loss = model(**given).loss
    (finding,) = recording.trace(loss).findings
    assert finding.kind == "unused"
    assert "forgotten.weight, forgotten.bias" in finding.sentence
