"""List the modules of torch.nn: how each is made, and the function of the tables that each applies."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from torch import nn

from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.library.functions import FUNCTIONAL, METHODS, TORCH, Function
from vizgraph.engine.library.table import Kind

# What a module does to its inputs: a function of the tables, its arguments and its keywords.
Applied: TypeAlias = tuple[Function, list[Any], dict[str, Any]]
Forward: TypeAlias = Callable[..., Applied]
DEEPEST: Final = 8  # layers inside one RNN, LSTM or GRU


@dataclass(frozen=True, slots=True)
class Layer:
    """One class of torch.nn.

    ``forward`` is None where a module hands its input on or holds others; ``numbers`` counts, from what the
    module is made with, the numbers of its largest parameter where they are more than any one of these."""

    kind: type[nn.Module]
    forward: Forward | None = None
    numbers: Callable[..., int] | None = None


def _same(name: str, **of_module: Callable[[Any], Any]) -> Forward:
    """Apply the function of that name, with keywords that the module was made with."""
    function = FUNCTIONAL.get(name) or TORCH[name]

    def forward(module: Any, *inputs: Any) -> Applied:
        return function, list(inputs), {keyword: read(module) for keyword, read in of_module.items()}

    return forward


def _loss(name: str, **of_module: Callable[[Any], Any]) -> Forward:
    given = _same(name, **of_module)

    def forward(module: Any, *inputs: Any, **named: Any) -> Applied:
        function, arguments, keywords = given(module, *inputs)
        return function, arguments, {**named, **keywords, "reduction": module.reduction}

    return forward


def _relu(module: Any, x: Any) -> Applied:
    return (METHODS["relu_"] if module.inplace else FUNCTIONAL["relu"]), [x], {}


def _convolution(name: str) -> Forward:
    def forward(module: Any, x: Any) -> Applied:
        if module.padding_mode != "zeros":
            return _whole(module, name, x)
        keywords = {
            "stride": module.stride, "padding": module.padding, "dilation": module.dilation, "groups": module.groups,
        }  # fmt: skip
        return FUNCTIONAL[name], [x, module.weight, module.bias], keywords

    return forward


def _batch_norm(module: Any, x: Any) -> Applied:
    """The module counts its batches and updates its averages itself, so it is called as a whole."""
    averages = (None, None) if module.training else (module.running_mean, module.running_var)
    function = Function("batch_norm", Kind.REDUCTION, lambda x, *_, **__: module(x))
    return function, [x, *averages, module.weight, module.bias], {"training": module.training, "eps": module.eps}


def _whole(module: nn.Module, operation: str, *inputs: Any, **named: Any) -> Applied:
    """Apply a module of many steps as one operation on its inputs and its parameters.

    No trial on sizes is needed before it: its own numbers are bounded since it was made."""
    count = len(inputs)
    function = Function(operation, Kind.REDUCTION, lambda *given, **keywords: module(*given[:count], **keywords))
    return function, [*inputs, *module.parameters()], named


def _composite(operation: str) -> Forward:
    return lambda module, *inputs, **named: _whole(module, operation, *inputs, **named)


def _pooling(name: str) -> Forward:
    """Pool to a size that is given, which may be larger than what there is."""
    return lambda module, x: (FUNCTIONAL[name], [x, module.output_size], {})


def _padding(kind: type[nn.Module], mode: str = "constant") -> Layer:
    """One that adds a frame: of zeros, of a constant, or of what stands at the edge."""

    def forward(module: Any, x: Any) -> Applied:
        named = {"value": float(getattr(module, "value", 0.0))} if mode == "constant" else {}
        return FUNCTIONAL["pad"], [x, module.padding], {"mode": mode, **named}

    return Layer(kind, forward)


def _volume(size: Any) -> int:
    return math.prod(size) if isinstance(size, (tuple, list)) else int(size)


def _of_linear(in_features: int, out_features: int, *_: Any, **__: Any) -> int:
    return in_features * out_features


def _of_bilinear(in1_features: int, in2_features: int, out_features: int, *_: Any, **__: Any) -> int:
    return in1_features * in2_features * out_features


def _of_convolution(axes: int) -> Callable[..., int]:
    def numbers(in_channels: int, out_channels: int, kernel_size: Any, *_: Any, **__: Any) -> int:
        kernel = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * axes
        return in_channels * out_channels * math.prod(kernel)

    return numbers


def _of_norm(normalized_shape: Any, *_: Any, **__: Any) -> int:
    return _volume(normalized_shape)


def _of_embedding(num_embeddings: int, embedding_dim: int, *_: Any, **__: Any) -> int:
    return num_embeddings * embedding_dim


def _of_recurrent(gates: int) -> Callable[..., int]:
    def numbers(input_size: int, hidden_size: int, *_: Any, **__: Any) -> int:
        return gates * hidden_size * max(input_size, hidden_size)

    return numbers


def _of_attention(embed_dim: int, *_: Any, **__: Any) -> int:
    return 3 * embed_dim * embed_dim


LAYERS: Final[dict[str, Layer]] = {
    "Linear":             Layer(nn.Linear, lambda m, x: (FUNCTIONAL["linear"], [x, m.weight, m.bias], {}), _of_linear),
    "Bilinear":           Layer(nn.Bilinear, lambda m, a, b: (
                              FUNCTIONAL["bilinear"], [a, b, m.weight, m.bias], {}), _of_bilinear),
    "Identity":           Layer(nn.Identity),
    "Flatten":            Layer(nn.Flatten, _same("flatten", start_dim=lambda m: m.start_dim,
                                                  end_dim=lambda m: m.end_dim)),
    "Unflatten":          Layer(nn.Unflatten, lambda m, x: (TORCH["unflatten"], [x, m.dim, m.unflattened_size], {})),
    "Sequential":         Layer(nn.Sequential),
    "ModuleList":         Layer(nn.ModuleList),
    "ModuleDict":         Layer(nn.ModuleDict),
    "ParameterList":      Layer(nn.ParameterList),
    "ParameterDict":      Layer(nn.ParameterDict),
    "ReLU":               Layer(nn.ReLU, _relu),
    "ReLU6":              Layer(nn.ReLU6, _same("relu6")),
    "LeakyReLU":          Layer(nn.LeakyReLU, _same("leaky_relu", negative_slope=lambda m: m.negative_slope)),
    "PReLU":              Layer(nn.PReLU, lambda m, x: (FUNCTIONAL["prelu"], [x, m.weight], {})),
    "ELU":                Layer(nn.ELU, _same("elu", alpha=lambda m: m.alpha)),
    "CELU":               Layer(nn.CELU, _same("celu", alpha=lambda m: m.alpha)),
    "SELU":               Layer(nn.SELU, _same("selu")),
    "GELU":               Layer(nn.GELU, _same("gelu", approximate=lambda m: m.approximate)),
    "SiLU":               Layer(nn.SiLU, _same("silu")),
    "Mish":               Layer(nn.Mish, _same("mish")),
    "Sigmoid":            Layer(nn.Sigmoid, _same("sigmoid")),
    "LogSigmoid":         Layer(nn.LogSigmoid, _same("logsigmoid")),
    "Hardsigmoid":        Layer(nn.Hardsigmoid, _same("hardsigmoid")),
    "Hardswish":          Layer(nn.Hardswish, _same("hardswish")),
    "Hardtanh":           Layer(nn.Hardtanh, _same("hardtanh", min_val=lambda m: m.min_val,
                                                   max_val=lambda m: m.max_val)),
    "Tanh":               Layer(nn.Tanh, _same("tanh")),
    "Softplus":           Layer(nn.Softplus, _same("softplus", beta=lambda m: m.beta, threshold=lambda m: m.threshold)),
    "Softsign":           Layer(nn.Softsign, _same("softsign")),
    "Softmax":            Layer(nn.Softmax, _same("softmax", dim=lambda m: m.dim)),
    "Softmin":            Layer(nn.Softmin, _same("softmin", dim=lambda m: m.dim)),
    "LogSoftmax":         Layer(nn.LogSoftmax, _same("log_softmax", dim=lambda m: m.dim)),
    "Dropout":            Layer(nn.Dropout, _same("dropout", p=lambda m: m.p, training=lambda m: m.training)),
    "Dropout1d":          Layer(nn.Dropout1d, _same("dropout1d", p=lambda m: m.p, training=lambda m: m.training)),
    "Dropout2d":          Layer(nn.Dropout2d, _same("dropout2d", p=lambda m: m.p, training=lambda m: m.training)),
    "AlphaDropout":       Layer(nn.AlphaDropout, _same("alpha_dropout", p=lambda m: m.p,
                                                       training=lambda m: m.training)),
    "GLU":                Layer(nn.GLU, _same("glu", dim=lambda m: m.dim)),
    "Hardshrink":         Layer(nn.Hardshrink, _same("hardshrink", lambd=lambda m: m.lambd)),
    "Softshrink":         Layer(nn.Softshrink, _same("softshrink", lambd=lambda m: m.lambd)),
    "Tanhshrink":         Layer(nn.Tanhshrink, _same("tanhshrink")),
    "Threshold":          Layer(nn.Threshold, _same("threshold", threshold=lambda m: m.threshold,
                                                    value=lambda m: m.value)),
    "Conv1d":             Layer(nn.Conv1d, _convolution("conv1d"), _of_convolution(1)),
    "Conv2d":             Layer(nn.Conv2d, _convolution("conv2d"), _of_convolution(2)),
    "ConvTranspose2d":    Layer(nn.ConvTranspose2d, lambda m, x: (
                              FUNCTIONAL["conv_transpose2d"],
                              [x, m.weight, m.bias, m.stride, m.padding, m.output_padding, m.groups, m.dilation], {}),
                                _of_convolution(2)),
    "MaxPool1d":          Layer(nn.MaxPool1d, _composite("max_pool1d")),
    "MaxPool2d":          Layer(nn.MaxPool2d, _composite("max_pool2d")),
    "AvgPool1d":          Layer(nn.AvgPool1d, _composite("avg_pool1d")),
    "AvgPool2d":          Layer(nn.AvgPool2d, _composite("avg_pool2d")),
    "AdaptiveAvgPool1d":  Layer(nn.AdaptiveAvgPool1d, _pooling("adaptive_avg_pool1d")),
    "AdaptiveAvgPool2d":  Layer(nn.AdaptiveAvgPool2d, _pooling("adaptive_avg_pool2d")),
    "AdaptiveMaxPool1d":  Layer(nn.AdaptiveMaxPool1d, _pooling("adaptive_max_pool1d")),
    "AdaptiveMaxPool2d":  Layer(nn.AdaptiveMaxPool2d, _pooling("adaptive_max_pool2d")),
    "Conv3d":             Layer(nn.Conv3d, _convolution("conv3d"), _of_convolution(3)),
    "ConvTranspose1d":    Layer(nn.ConvTranspose1d, lambda m, x: (
                              FUNCTIONAL["conv_transpose1d"],
                              [x, m.weight, m.bias, m.stride, m.padding, m.output_padding, m.groups, m.dilation], {}),
                                _of_convolution(1)),
    "ZeroPad1d":          _padding(nn.ZeroPad1d),
    "ZeroPad2d":          _padding(nn.ZeroPad2d),
    "ConstantPad1d":      _padding(nn.ConstantPad1d),
    "ConstantPad2d":      _padding(nn.ConstantPad2d),
    "ReflectionPad1d":    _padding(nn.ReflectionPad1d, "reflect"),
    "ReflectionPad2d":    _padding(nn.ReflectionPad2d, "reflect"),
    "ReplicationPad1d":   _padding(nn.ReplicationPad1d, "replicate"),
    "ReplicationPad2d":   _padding(nn.ReplicationPad2d, "replicate"),
    "PixelShuffle":       Layer(nn.PixelShuffle, lambda m, x: (
                              FUNCTIONAL["pixel_shuffle"], [x, m.upscale_factor], {})),
    "PixelUnshuffle":     Layer(nn.PixelUnshuffle, lambda m, x: (
                              FUNCTIONAL["pixel_unshuffle"], [x, m.downscale_factor], {})),
    "Unfold":             Layer(nn.Unfold, _same("unfold", kernel_size=lambda m: m.kernel_size,
                              dilation=lambda m: m.dilation, padding=lambda m: m.padding, stride=lambda m: m.stride)),
    "Fold":               Layer(nn.Fold, _same("fold", output_size=lambda m: m.output_size,
                              kernel_size=lambda m: m.kernel_size, dilation=lambda m: m.dilation,
                              padding=lambda m: m.padding, stride=lambda m: m.stride)),
    "InstanceNorm1d":     Layer(nn.InstanceNorm1d, _composite("instance_norm")),
    "InstanceNorm2d":     Layer(nn.InstanceNorm2d, _composite("instance_norm")),
    "LocalResponseNorm":  Layer(nn.LocalResponseNorm, lambda m, x: (
                              FUNCTIONAL["local_response_norm"], [x, m.size, m.alpha, m.beta, m.k], {})),
    "LayerNorm":          Layer(nn.LayerNorm, lambda m, x: (
                              FUNCTIONAL["layer_norm"], [x, m.normalized_shape, m.weight, m.bias, m.eps], {}),
                                _of_norm),
    "GroupNorm":          Layer(nn.GroupNorm, _composite("group_norm")),
    "RMSNorm":            Layer(nn.RMSNorm, _composite("rms_norm"), _of_norm),
    "BatchNorm1d":        Layer(nn.BatchNorm1d, _batch_norm),
    "BatchNorm2d":        Layer(nn.BatchNorm2d, _batch_norm),
    "Embedding":          Layer(nn.Embedding, lambda m, x: (
                              FUNCTIONAL["embedding"], [x, m.weight, m.padding_idx], {}), _of_embedding),
    "RNNCell":            Layer(nn.RNNCell, _composite("rnn_cell"), _of_recurrent(1)),
    "LSTMCell":           Layer(nn.LSTMCell, _composite("lstm_cell"), _of_recurrent(4)),
    "GRUCell":            Layer(nn.GRUCell, _composite("gru_cell"), _of_recurrent(3)),
    "RNN":                Layer(nn.RNN, _composite("rnn"), _of_recurrent(1)),
    "LSTM":               Layer(nn.LSTM, _composite("lstm"), _of_recurrent(4)),
    "GRU":                Layer(nn.GRU, _composite("gru"), _of_recurrent(3)),
    "MultiheadAttention": Layer(nn.MultiheadAttention, _composite("multihead_attention"), _of_attention),
    "MSELoss":            Layer(nn.MSELoss, _loss("mse_loss")),
    "L1Loss":             Layer(nn.L1Loss, _loss("l1_loss")),
    "SmoothL1Loss":       Layer(nn.SmoothL1Loss, _loss("smooth_l1_loss", beta=lambda m: m.beta)),
    "HuberLoss":          Layer(nn.HuberLoss, _loss("huber_loss", delta=lambda m: m.delta)),
    "CrossEntropyLoss":   Layer(nn.CrossEntropyLoss, _loss("cross_entropy", weight=lambda m: m.weight,
                              ignore_index=lambda m: m.ignore_index, label_smoothing=lambda m: m.label_smoothing)),
    "NLLLoss":            Layer(nn.NLLLoss, _loss("nll_loss", weight=lambda m: m.weight,
                                                  ignore_index=lambda m: m.ignore_index)),
    "BCELoss":            Layer(nn.BCELoss, _loss("binary_cross_entropy", weight=lambda m: m.weight)),
    "BCEWithLogitsLoss":  Layer(nn.BCEWithLogitsLoss, _loss("binary_cross_entropy_with_logits",
                              weight=lambda m: m.weight, pos_weight=lambda m: m.pos_weight)),
    "CosineEmbeddingLoss": Layer(nn.CosineEmbeddingLoss, _loss("cosine_embedding_loss", margin=lambda m: m.margin)),
    "HingeEmbeddingLoss": Layer(nn.HingeEmbeddingLoss, _loss("hinge_embedding_loss", margin=lambda m: m.margin)),
    "MarginRankingLoss":  Layer(nn.MarginRankingLoss, _loss("margin_ranking_loss", margin=lambda m: m.margin)),
    "TripletMarginLoss":  Layer(nn.TripletMarginLoss, _loss("triplet_margin_loss", margin=lambda m: m.margin,
                                                            p=lambda m: m.p)),
    "SoftMarginLoss":     Layer(nn.SoftMarginLoss, _loss("soft_margin_loss")),
    "MultiMarginLoss":    Layer(nn.MultiMarginLoss, _loss("multi_margin_loss", p=lambda m: m.p,
                                                          margin=lambda m: m.margin)),
    "MultiLabelSoftMarginLoss": Layer(nn.MultiLabelSoftMarginLoss, _loss("multilabel_soft_margin_loss")),
    "GaussianNLLLoss":    Layer(nn.GaussianNLLLoss, _loss("gaussian_nll_loss", full=lambda m: m.full)),
    "PoissonNLLLoss":     Layer(nn.PoissonNLLLoss, _loss("poisson_nll_loss", log_input=lambda m: m.log_input,
                                                         full=lambda m: m.full)),
    "KLDivLoss":          Layer(nn.KLDivLoss, _loss("kl_div", log_target=lambda m: m.log_target)),
}  # fmt: skip
BY_KIND: Final = {layer.kind: layer for layer in LAYERS.values()}


def check_depth(name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Refuse a recurrent module of too many layers: each has parameters of its own."""
    depth = keywords.get("num_layers", arguments[2] if len(arguments) > 2 else 1)
    if name in ("RNN", "LSTM", "GRU") and isinstance(depth, int) and depth > DEEPEST:
        raise TooLarge(f"{name} of {depth:,} layers; at most {DEEPEST} are allowed")
