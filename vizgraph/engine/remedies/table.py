"""Name the remedy of every error that has one, by what torch or Python says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from vizgraph.engine.remedies import leaves, nans, operands, passes, rewritten, simple, words
from vizgraph.engine.remedies.scene import Remedy, Scene

REMEDIES: Final[tuple[tuple[str, Callable[[Scene], Remedy]], ...]] = (
    ("grad can be implicitly created only for scalar outputs",       passes.no_gradient),
    ("Mismatch in shape: grad_output",                               passes.wrong_shape),
    ("Trying to backward through the graph a second time",           passes.second_pass),
    ("appears to not have been used in the graph",                   passes.unused),
    ("nly Tensors of floating point",                                leaves.integers),
    ("leaf Variable that requires grad is being used in an in-pl",   leaves.in_place),
    ("leaf Variable that requires grad has been moved",              leaves.in_place),
    ("element 0 of tensors does not require grad",                   leaves.no_history),
    ("does not require grad and does not have a grad_fn",            leaves.no_history),
    (rewritten.REWRITTEN,                                            rewritten.overwritten),
    ("shapes cannot be multiplied",                                  operands.product),
    ("size mismatch",                                                operands.product),
    ("inconsistent tensor size",                                     operands.product),
    ("have the same dtype",                                          operands.kinds_of_numbers),
    ("have same dtype",                                              operands.kinds_of_numbers),
    ("expected target dtype",                                        operands.kinds_of_numbers),
    ("expected scalar type",                                         operands.kinds_of_numbers),
    ("not compiled with",                                            operands.device),
    ("the device ",                                                  operands.device),
    ("No CUDA GPUs",                                                 operands.device),
    ("returned nan values",                                          nans.anomaly),
    ("Can't call numpy() on Tensor that requires grad",              simple.to_numpy),
    ("cannot be converted to Scalar",                                simple.one_number),
    ("Boolean value of Tensor with more than one value",             simple.truth),
    ("is invalid for input of size",                                 simple.reshape),
    ("you can only change requires_grad flags of leaf variables",    simple.flag_of_result),
    ("must match the size of tensor",                                simple.broadcast),
    ("NoneType",                                                     words.no_grad_yet),
    ("is not defined",                                               words.unknown),
    ("has no attribute",                                             words.unknown),
    ("is not in the language",                                       words.unknown),
    ("The .grad attribute of a Tensor that is not a leaf Tensor",    words.grad_of_non_leaf),
)  # fmt: skip


def remedy(scene: Scene) -> Remedy:
    """What is known about the error of a scene."""
    return next((mend(scene) for said, mend in REMEDIES if said in scene.message), Remedy())


def notices(scene: Scene) -> Iterator[tuple[str, Remedy]]:
    """What went wrong in silence in a program that ran: the key of the sentence, and its remedy."""
    found = nans.first(scene)
    if found is not None:
        yield "notice.nan", nans.remedy(scene, *found)
