"""Turn errors of torch and Python into sentences: what they said, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from vizgraph.errors import VizgraphError, one_line
from vizgraph.model import Span

# How a known sentence of torch or Python begins or what it contains, and what to do.
ADVICE: Final = (
    ("grad can be implicitly created only for scalar outputs",
     "say which combination of the outputs you want: y.backward(torch.ones_like(y)), or y.sum().backward()"),
    ("Trying to backward through the graph a second time",
     "call the first backward with retain_graph=True, or compute the output again before the second; "
     "a state that is carried on from step to step is detached: state = state.detach()"),
    ("element 0 of tensors does not require grad",
     "nothing behind this tensor has requires_grad: create a leaf with requires_grad=True, and do not detach it"),
    ("on any region computed under selective activation checkpoint",
     "let vizgraph.record watch your own loss.backward(): recording.trace(loss) then tells that pass and runs none"),
    ("When use_reentrant=True, torch.utils.checkpoint is incompatible",
     "write checkpoint(..., use_reentrant=False), which PyTorch recommends; your own loss.backward() works either way, "
     "but a trace asks for gradients without writing any .grad, and the reentrant kind can not"),
    ("appears to not have been used in the graph", "give allow_unused=True, or leave that input out"),
    ("only Tensors of floating point", "write 1.0 instead of 1, or dtype=torch.float32"),
    ("Only Tensors of floating point", "write 1.0 instead of 1, or dtype=torch.float32"),
    ("only floating point", "write 1.0 instead of 1, or dtype=torch.float32"),
    ("should be a floating point", "write 1.0 instead of 1, or dtype=torch.float32"),
    ("could not infer output dtype", "write 1.0 instead of 1, or dtype=torch.float32"),
    ("a view of a leaf Variable that requires grad is being used in an in-place operation",
     "write into a copy, y = x.clone(), or put the update inside with torch.no_grad():"),
    ("a leaf Variable that requires grad is being used in an in-place operation",
     "write y = x + 1 instead of x += 1, or put the update inside with torch.no_grad():"),
    ("modified by an inplace operation",
     "a saved value was overwritten: write y = y * 2 instead of y *= 2, or write into y.clone()"),
    ("Mismatch in shape: grad_output", "give backward a gradient of the shape of the output"),
    ("shapes cannot be multiplied", "the columns of the left factor must match the rows of the right one"),
    ("size mismatch", "the inner sizes of a product must be equal"),
    ("inconsistent tensor size", "both vectors of a dot product need the same length"),
    ("must match the size of tensor", "broadcasting needs equal sizes, or a size of 1"),
    ("Sizes of tensors must match except", "all sizes but the joined one must be equal"),
    ("is invalid for input of size", "the product of the sizes must be the number of entries"),
    ("1D tensors expected", "dot takes two vectors; use @ for matrices"),
    ("too many indices for tensor", "write one index for each axis at most"),
    ("valid indices", "an index is a whole number, a slice such as 0:2, or a mask"),
    ("does not have a grad_fn", "nothing behind this tensor has requires_grad"),
    ("Boolean value of Tensor with more than one value", "ask for one truth: (x > 0).all() or (x > 0).any()"),
    ("is not callable", "write * between two factors; only functions are called with ( )"),
    ("out of range", "indices count from 0 and end before the size"),
    ("out of bounds", "indices count from 0 and end before the size"),
    ("integer division by zero", "make one side a float: of floats it is inf or nan, integers have no such number"),
    ("division by zero", "plain numbers can't be divided by 0; a tensor would give inf"),
    ("to a negative power", "plain numbers can't do this with 0; a tensor would give inf"),
    ("invalid combination of arguments", "check how many arguments the function takes, and that they are tensors"),
    ("not enough memory", "use smaller sizes"),
    ("incorrect number of gradients", "return from backward one gradient for each argument of forward, ctx apart"),
    ("to have the same dtype", "make both the same: x.float(), or dtype=torch.float32 where it is made"),
    ("expected target dtype", "class numbers are whole numbers: make the target with dtype=torch.long"),
    ("cannot be converted to Scalar", "item() takes one number: sum or index the tensor first, or use tolist()"),
    ("requires_grad flags of leaf variables", "use y.detach() where no gradient should flow"),
    ("required positional argument", "give the function all its arguments"),
    ("required keyword-only argument", "give the argument by its name"),
    ("positional argument", "give the function as many arguments as it has"),
    ("got an unexpected keyword argument", "use one of the names in the function's first line"),
    ("nan values in its",
     "the derivative is not a number there: keep the input away from the edge, as with x.clamp(min=1e-6)"),
    ("to match target batch_size", "give one target for each row of the prediction"),
    ("there is no key", "use one of the keys that the dict has, or .get(key, default)"),
    ("empty parameter list", "give the optimizer model.parameters(), or a list of leaves"),
    ("expected sequence of length", "give every row the same number of entries"),
    ("input matrix is singular",
     "a singular matrix has no inverse: use torch.linalg.pinv, or add a little to its diagonal"),
    ("has no attribute 'grad'", "only tensors have gradients"),
    ("'NoneType'", "the value is None: .grad is None until backward has run"),
    ("Can't call numpy() on Tensor that requires grad", "write x.detach().numpy()"),
    ("before Module.__init__() call", "write super().__init__() first"),
    ("elements of input should be between 0 and 1",
     "give it probabilities, torch.sigmoid(x), or use F.binary_cross_entropy_with_logits(x, y)"),
    ("channels, but got", "make the first number of the convolution the number of channels of its input"),
    ("must have the same dtype", "make both the same: x.float(), or dtype=torch.float32 where it is made"),
    ("to have same dtype", "make both the same: x.float(), or dtype=torch.float32 where it is made"),
    ("Expected f(*args) to return a scalar", "return one number: (x ** 2).sum(), or use torch.func.jacrev"),
    ("should contain a single element", "return one number from the function: (x ** 2).sum()"),
    ("has changed the size of value", "return a gradient of the size that came in, such as grad * 2"),
    ("Missing key(s) in state_dict", "give it what state_dict() of the same model returned"),
    ("loading state_dict", "give it what state_dict() of the same model returned"),
    ("Invalid learning rate", "give a positive number, such as lr=0.01"),
    ("Invalid ", "give a number within its range"),
    ("expects each tensor to be equal size", "use torch.cat to join tensors of different lengths"),
    ("too many values to unpack", "write as many names on the left as there are values on the right"),
    ("not enough values to unpack", "write as many names on the left as there are values on the right"),
    ("Use .reshape(...) instead", "write x.reshape(6) instead of x.view(6)"),
    ("element 0", "create a leaf with requires_grad=True"),
)  # fmt: skip
NO_MEMORY: Final = ("not enough memory", "can't allocate memory", "bad_alloc", "[enforce fail")
# Words of C++ or of another program's machinery that mean nothing to the person at the page.
NOISE: Final = re.compile(
    r"\s*\(?Triggered internally at [^)]*\)?\.?"  # a place in torch's source
    r"|,? see:? https?://\S+"  # a page about tools that are not here
    r"|\s*\[?(?:[A-Za-z]:)?(?:/[\w.+-]+){2,}(?::\d+)?\]?"  # a path
    r"|,? but expected one of:.*"  # the list of C++ signatures
    r"|\b[A-Z]\w*(?:Error|Exception): "  # the class of an error inside an error
    r"|(?<= at )0x[0-9a-f]+"
    r"|(?<=\btorch\.)_C\.(?=\w)"  # torch._C.Generator is torch.Generator to everybody who reads the documentation
    r"| Hint: (?:enable anomaly|the backtrace).*"  # about tools that are not here
)
# What values of the language are called in Python, by the name that our own classes for them have.
PYTHONS: Final = {
    "Written": "function", "Moded": "function", "Special": "builtin_function_or_method", "Function": "function",
    "Method": "builtin_function_or_method", "Bound": "builtin_function_or_method", "Namespace": "module",
    "Class": "type", "Maker": "type", "Type": "type", "ErrorClass": "type", "Context": "type", "Super": "super",
    "Thing": "object", "Ignored": "object", "Network": "Module", "Raised": "Exception", "Backward": "Node",
    "Generated": "generator", "Hook": "RemovableHandle",
}  # fmt: skip
_ANY: Final = "|".join(PYTHONS)
OURS: Final = re.compile(rf"(?<=['\"])(?:{_ANY})(?=['\"])|(?<=not |got )(?:{_ANY})$|(?<=type )(?:{_ANY})(?= doesn't)")
CLASS: Final = re.compile(r"<class '(?:\w+\.)*(\w+)'>")  # <class 'torch.Tensor'>: its name will do


class ProgramError(Exception):
    """The program ran and failed, as it would in Python: what it said, where, and what to do.

    ``culprit`` is the tensor that the failing step was about, where there is one; ``error`` is what Python
    or torch raised, for programs that catch it.
    """

    def __init__(
        self,
        message: str,
        span: Span | None,
        hint: str | None = None,
        culprit: Any = None,
        error: BaseException | None = None,
    ) -> None:
        message = of_python(message)
        super().__init__(message)
        self.message, self.span, self.hint, self.culprit = one_line(message), span, hint, culprit
        self.arguments: Sequence[Any] = ()  # what the failing step was given, where it is a step of torch
        self.error = error or RuntimeError(message)
        if len(self.error.args) == 1 and isinstance(self.error.args[0], str):  # programs print it
            self.error.args = (of_python(self.error.args[0]),)


def of_python(text: str) -> str:
    """Return a sentence with the names that Python has for the kinds of values.

    >>> of_python("unsupported operand type(s) for +: 'Written' and 'int'")
    "unsupported operand type(s) for +: 'function' and 'int'"
    """
    return OURS.sub(lambda found: PYTHONS[found[0]], text)


class TooLarge(Exception):
    """A limit on sizes was met; the interpreter adds the place."""


def explained(
    error: Exception, span: Span | None, culprit: Any = None, arguments: Sequence[Any] = ()
) -> VizgraphError | ProgramError:
    """Return what to raise for an error of torch, Python or a limit: the same with its place."""
    if isinstance(error, (VizgraphError, ProgramError)):
        return error
    if isinstance(error, TooLarge):
        return VizgraphError(str(error), span, "use smaller sizes")
    if isinstance(error, MemoryError) or any(words in str(error) for words in NO_MEMORY):
        return VizgraphError("this step needs more memory than a program may use", span, "use smaller sizes")
    if isinstance(error, (OSError, ImportError)):  # torch would load more of itself, and a confined child can't
        return VizgraphError(
            "this step needs a part of PyTorch that is not here", span, "write it with other functions"
        )
    if isinstance(error, RecursionError):
        return VizgraphError("the program is nested too deeply", span, "split it into several assignments")
    failure = ProgramError(sentence(error), span, culprit=culprit, error=error)
    failure.arguments = arguments
    return failure


def sentence(error: BaseException) -> str:
    """Return the first sentences of an error, without paths, places in other people's source or addresses.

    >>> sentence(ValueError("bad value"))
    'bad value'
    >>> sentence(OverflowError(34, "Numerical result out of range"))
    'Numerical result out of range'
    >>> sentence(KeyError("a"))
    "there is no key 'a'"
    """
    if isinstance(error, KeyError):
        return plain(f"there is no key {error}") if _is_written(error.args) else "there is no such key"
    if isinstance(error, OSError | OverflowError) and len(error.args) == 2:
        return plain(str(error.args[1]))
    return plain(str(error).strip() or "this step failed without saying why")


def _is_written(key: Any) -> bool:
    """Whether Python writes it as a program would; anything else would show our own classes."""
    if isinstance(key, tuple | frozenset):
        return all(map(_is_written, key))
    return key is None or isinstance(key, str | bytes | int | float | complex)


def plain(text: str) -> str:
    """Return what torch says without paths and places in its own source, on one line.

    >>> plain("pow() received an invalid combination of arguments - got (int), but expected one of:\\n * (Tensor x)")
    'pow() received an invalid combination of arguments - got (int)'
    """
    text = text.split("\nException raised from", maxsplit=1)[0]
    if text == "ZeroDivisionError":  # all that torch says of integers
        return "integer division by zero"
    return one_line(CLASS.sub(r"\1", NOISE.sub("", " ".join(text.split()))))


def advice(message: str) -> str | None:
    """Return what to do about a known error, None for one that speaks for itself."""
    return next((what for said, what in ADVICE if said in message), None)
