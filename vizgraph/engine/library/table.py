"""List every function of the language: its name, its kind, and where it may be written.

Where: ``t`` as ``torch.name(...)``, ``m`` as a method ``tensor.name(...)``, ``i`` as the in-place method
``tensor.name_(...)``, ``b`` bare ``name(...)`` as in a textbook, ``f`` as ``torch.nn.functional.name``,
``l`` as ``torch.linalg.name``.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Kind(Enum):
    """What a function does with the sizes of its operands; `gate` bounds its result accordingly."""

    POINTWISE = "pointwise"  # entry by entry, with broadcasting
    REDUCTION = "reduction"  # never larger than the operand
    SHAPE = "shape"  # the same entries, arranged differently
    MATRIX = "matrix"  # products and decompositions
    SELECT = "select"  # picks, joins and sorts entries
    ACTIVATION = "activation"  # of neural networks, entry by entry or along an axis
    LOSS = "loss"  # compares a prediction with a target
    CREATE = "create"  # makes a new tensor from numbers
    COUNT = "count"  # a size that depends on the data, never larger than the operand
    INPLACE = "inplace"  # rewrites the operand
    ASK = "ask"  # answers with a plain value, not a tensor


P, R, S, M = Kind.POINTWISE, Kind.REDUCTION, Kind.SHAPE, Kind.MATRIX
X, A, L, C, N, I, Q = Kind.SELECT, Kind.ACTIVATION, Kind.LOSS, Kind.CREATE, Kind.COUNT, Kind.INPLACE, Kind.ASK

TABLE: Final = (
    # name                 kind  where      name                 kind  where
    ("abs",                P, "tmib"),     ("absolute",           P, "tm"),
    ("acos",               P, "tmib"),     ("acosh",              P, "tmib"),
    ("add",                P, "tmi"),      ("addcdiv",            P, "tmi"),
    ("addcmul",            P, "tmi"),      ("asin",               P, "tmib"),
    ("asinh",              P, "tmib"),     ("atan",               P, "tmib"),
    ("atan2",              P, "tmib"),     ("atanh",              P, "tmib"),
    ("ceil",               P, "tmib"),     ("clamp",              P, "tmib"),
    ("clamp_min",          P, "tm"),       ("clamp_max",          P, "tm"),
    ("clip",               P, "tm"),       ("copysign",           P, "tmi"),
    ("cos",                P, "tmib"),     ("cosh",               P, "tmib"),
    ("deg2rad",            P, "tm"),       ("div",                P, "tmi"),
    ("divide",             P, "tm"),       ("eq",                 P, "tm"),
    ("erf",                P, "tmib"),     ("erfc",               P, "tmib"),
    ("erfinv",             P, "tm"),       ("exp",                P, "tmib"),
    ("exp2",               P, "tmib"),     ("expm1",              P, "tmib"),
    ("float_power",        P, "tm"),       ("floor",              P, "tmib"),
    ("floor_divide",       P, "tm"),       ("fmod",               P, "tm"),
    ("frac",               P, "tmi"),      ("ge",                 P, "tm"),
    ("gt",                 P, "tm"),       ("heaviside",          P, "tm"),
    ("hypot",              P, "tmb"),      ("isclose",            P, "tm"),
    ("isfinite",           P, "tm"),       ("isinf",              P, "tm"),
    ("isnan",              P, "tm"),       ("le",                 P, "tm"),
    ("lerp",               P, "tm"),       ("lgamma",             P, "tmb"),
    ("log",                P, "tmib"),     ("log10",              P, "tmib"),
    ("log1p",              P, "tmib"),     ("log2",               P, "tmib"),
    ("logaddexp",          P, "tmb"),      ("logical_and",        P, "tm"),
    ("logical_not",        P, "tm"),       ("logical_or",         P, "tm"),
    ("logical_xor",        P, "tm"),       ("logit",              P, "tmb"),
    ("lt",                 P, "tm"),       ("masked_fill",        P, "tmi"),
    ("maximum",            P, "tmb"),      ("minimum",            P, "tmb"),
    ("mul",                P, "tmi"),      ("multiply",           P, "tm"),
    ("nan_to_num",         P, "tmi"),      ("ne",                 P, "tm"),
    ("neg",                P, "tmi"),      ("negative",           P, "tm"),
    ("pow",                P, "tmib"),     ("rad2deg",            P, "tm"),
    ("reciprocal",         P, "tmib"),     ("relu",               P, "tmibf"),
    ("remainder",          P, "tmi"),      ("round",              P, "tmib"),
    ("rsqrt",              P, "tmib"),     ("sigmoid",            P, "tmibf"),
    ("sign",               P, "tmib"),     ("sgn",                P, "tm"),
    ("sin",                P, "tmib"),     ("sinc",               P, "tmb"),
    ("sinh",               P, "tmib"),     ("sqrt",               P, "tmib"),
    ("square",             P, "tmib"),     ("sub",                P, "tmi"),
    ("subtract",           P, "tm"),       ("tan",                P, "tmib"),
    ("tanh",               P, "tmibf"),    ("true_divide",        P, "tm"),
    ("trunc",              P, "tmi"),      ("where",              P, "tmb"),
    ("xlogy",              P, "tmb"),

    ("all",                R, "tm"),       ("allclose",           Q, "tm"),
    ("amax",               R, "tm"),       ("amin",               R, "tm"),
    ("any",                R, "tm"),       ("argmax",             R, "tmb"),
    ("argmin",             R, "tmb"),      ("count_nonzero",      R, "tm"),
    ("cummax",             R, "tm"),       ("cumprod",            R, "tmb"),
    ("cumsum",             R, "tmb"),      ("logcumsumexp",       R, "tm"),
    ("logsumexp",          R, "tmb"),      ("max",                P, "tmb"),
    ("mean",               R, "tmb"),      ("median",             R, "tmb"),
    ("min",                P, "tmb"),      ("nansum",             R, "tm"),
    ("norm",               R, "tmbl"),     ("prod",               R, "tmb"),
    ("std",                R, "tmb"),      ("sum",                R, "tmb"),
    ("var",                R, "tmb"),      ("vector_norm",        R, "l"),
    ("matrix_norm",        R, "l"),        ("trace",              R, "tmb"),
    ("diff",               R, "tm"),

    ("broadcast_to",       S, "tm"),       ("contiguous",         S, "m"),
    ("diagonal",           S, "tm"),       ("expand",             S, "m"),
    ("expand_as",          S, "m"),        ("flatten",            S, "tm"),
    ("flip",               S, "tm"),       ("movedim",            S, "tm"),
    ("moveaxis",           S, "tm"),       ("narrow",             S, "tm"),
    ("permute",            S, "tm"),       ("repeat",             S, "m"),
    ("repeat_interleave",  S, "tm"),       ("reshape",            S, "tm"),
    ("reshape_as",         S, "m"),        ("roll",               S, "tm"),
    ("squeeze",            S, "tm"),       ("swapaxes",           S, "tm"),
    ("t",                  S, "tm"),       ("tile",               S, "tm"),
    ("transpose",          S, "tmb"),      ("unflatten",          S, "tm"),
    ("unfold",             S, "m"),        ("unsqueeze",          S, "tm"),
    ("view",               S, "m"),        ("view_as",            S, "m"),

    ("addmm",              M, "tm"),       ("addmv",              M, "tm"),
    ("baddbmm",            M, "tm"),       ("bmm",                M, "tm"),
    ("cholesky",           M, "l"),        ("cross",              M, "tl"),
    ("det",                M, "tmbl"),     ("dot",                M, "tmb"),
    ("eigh",               M, "l"),        ("eigvalsh",           M, "l"),
    ("einsum",             M, "t"),        ("inner",              M, "tmb"),
    ("inv",                M, "bl"),       ("inverse",            M, "tm"),
    ("kron",               M, "tm"),       ("logdet",             M, "tm"),
    ("matmul",             M, "tmbl"),     ("matrix_exp",         M, "tml"),
    ("matrix_power",       M, "tml"),      ("mm",                 M, "tmb"),
    ("multi_dot",          M, "l"),        ("mv",                 M, "tmb"),
    ("outer",              M, "tmb"),      ("pinv",               M, "l"),
    ("qr",                 M, "l"),        ("slogdet",            M, "tml"),
    ("solve",              M, "l"),        ("svd",                M, "l"),
    ("svdvals",            M, "l"),        ("tensordot",          M, "t"),
    ("solve_triangular",   M, "l"),
    ("vdot",               M, "tm"),       ("cdist",              M, "t"),

    ("argsort",            X, "tm"),       ("bincount",           X, "tm"),
    ("cat",                X, "tb"),       ("chunk",              X, "tm"),
    ("concat",             X, "t"),        ("diag",               X, "tmb"),
    ("diag_embed",         X, "tm"),       ("gather",             X, "tm"),
    ("hstack",             X, "t"),        ("index_add",          X, "tmi"),
    ("index_fill",         X, "tmi"),      ("index_select",       X, "tm"),
    ("masked_scatter",     X, "tm"),       ("scatter",            X, "tmi"),
    ("scatter_add",        X, "tmi"),      ("select",             X, "tm"),
    ("sort",               X, "tm"),       ("split",              X, "tm"),
    ("stack",              X, "tb"),       ("take",               X, "tm"),
    ("take_along_dim",     X, "tm"),       ("tensor_split",       X, "tm"),
    ("topk",               X, "tm"),       ("tril",               X, "tmi"),
    ("triu",               X, "tmi"),      ("unbind",             X, "tm"),
    ("vstack",             X, "t"),        ("column_stack",       X, "t"),
    ("meshgrid",           X, "t"),
    ("masked_select",      N, "tm"),       ("nonzero",            N, "tm"),
    ("unique",             N, "tm"),

    ("celu",               A, "tf"),       ("dropout",            A, "tf"),
    ("elu",                A, "f"),        ("gelu",               A, "f"),
    ("glu",                A, "f"),        ("hardtanh",           A, "f"),
    ("hardsigmoid",        A, "f"),        ("hardswish",          A, "f"),
    ("layer_norm",         A, "tf"),       ("leaky_relu",         A, "f"),
    ("log_softmax",        A, "tmbf"),     ("logsigmoid",         A, "f"),
    ("mish",               A, "f"),        ("normalize",          A, "f"),
    ("prelu",              A, "f"),        ("relu6",              A, "f"),
    ("selu",               A, "tf"),       ("silu",               A, "f"),
    ("softmax",            A, "tmbf"),     ("softmin",            A, "f"),
    ("softplus",           A, "bf"),       ("softsign",           A, "f"),
    ("tanhshrink",         A, "f"),        ("threshold",          A, "f"),
    ("linear",             A, "f"),        ("bilinear",           A, "f"),
    ("embedding",          A, "f"),        ("one_hot",            A, "f"),
    ("interpolate",        A, "f"),        ("pad",                A, "f"),        ("conv1d",             A, "tf"),
    ("conv2d",             A, "tf"),       ("conv_transpose1d",   A, "tf"),
    ("conv_transpose2d",   A, "tf"),       ("avg_pool1d",         A, "f"),
    ("avg_pool2d",         A, "f"),        ("max_pool1d",         A, "tf"),
    ("max_pool2d",         A, "tf"),       ("batch_norm",         A, "f"),
    ("cosine_similarity",  A, "tf"),       ("pairwise_distance",  A, "tf"),
    ("scaled_dot_product_attention", A, "f"),

    ("binary_cross_entropy",             L, "f"),
    ("binary_cross_entropy_with_logits", L, "tf"),
    ("cross_entropy",      L, "f"),        ("huber_loss",         L, "f"),
    ("kl_div",             L, "tf"),       ("l1_loss",            L, "f"),
    ("mse_loss",           L, "f"),        ("nll_loss",           L, "f"),
    ("smooth_l1_loss",     L, "f"),        ("hinge_embedding_loss", L, "tf"),
    ("margin_ranking_loss", L, "tf"),      ("triplet_margin_loss", L, "tf"),

    ("arange",             C, "tb"),       ("empty",              C, "t"),
    ("empty_like",         C, "t"),        ("eye",                C, "tb"),
    ("full",               C, "t"),
    ("full_like",          C, "t"),        ("linspace",           C, "tb"),
    ("logspace",           C, "t"),        ("normal",             C, "t"),
    ("ones",               C, "tb"),       ("ones_like",          C, "tb"),
    ("rand",               C, "t"),        ("rand_like",          C, "t"),
    ("randint",            C, "t"),        ("randn",              C, "t"),
    ("randn_like",         C, "t"),        ("randperm",           C, "t"),
    ("tensor",             C, "tb"),       ("zeros",              C, "tb"),
    ("zeros_like",         C, "tb"),       ("as_tensor",          C, "t"),
    ("bernoulli",          C, "tm"),       ("multinomial",        C, "tm"),
    ("new_zeros",          C, "m"),        ("new_ones",           C, "m"),
    ("new_full",           C, "m"),        ("new_tensor",         C, "m"),
    ("tril_indices",       C, "t"),        ("triu_indices",       C, "t"),

    ("clone",              S, "tm"),       ("detach",             S, "tmb"),
    ("to",                 S, "m"),        ("type_as",            S, "m"),
    ("float",              S, "m"),        ("double",             S, "m"),
    ("half",               S, "m"),        ("int",                S, "m"),
    ("long",               S, "m"),        ("bool",               S, "m"),
    ("cpu",                S, "m"),        ("requires_grad_",     I, "m"),
    ("detach_",            I, "m"),        ("zero_",              I, "m"),
    ("fill_",              I, "m"),        ("copy_",              I, "m"),
    ("uniform_",           I, "m"),        ("normal_",            I, "m"),

    ("item",               Q, "m"),        ("tolist",             Q, "m"),
    ("size",               Q, "m"),        ("dim",                Q, "m"),
    ("numel",              Q, "tm"),       ("equal",              Q, "tm"),
    ("is_tensor",          Q, "t"),        ("is_floating_point",  Q, "tm"),
    ("stride",             Q, "m"),        ("is_contiguous",      Q, "m"),
    ("element_size",       Q, "m"),        ("ndimension",         Q, "m"),
    ("is_grad_enabled",    Q, "t"),        ("nelement",           Q, "m"),
    ("is_complex",         Q, "tm"),
)  # fmt: skip

# Names that say the same, and the operation they are shown as.
SAME: Final = {
    "absolute": "abs", "clip": "clamp", "divide": "div", "true_divide": "div", "multiply": "mul",
    "negative": "neg", "subtract": "sub", "concat": "cat", "inverse": "inv", "mv": "matmul", "mm": "matmul",
    "bmm": "matmul", "moveaxis": "movedim", "swapaxes": "transpose",
}  # fmt: skip
