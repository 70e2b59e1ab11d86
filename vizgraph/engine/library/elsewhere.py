"""Say of modules and functions that are outside of the language what to write instead."""

from __future__ import annotations

from typing import Final

NO_FILES: Final = "there are no files, no network and no other programs here: write the values into the program"
NO_DATA: Final = "make a few numbers instead: torch.randn(8, 3), or torch.tensor([[1.0, 2.0], [3.0, 4.0]])"
NO_SAVING: Final = "there are no files here: keep the parameters with copy.deepcopy(model.state_dict())"
NO_MEASURING: Final = "leave it out: nothing is measured here"
NO_OTHER_MACHINES: Final = "leave it out: the program runs in one process on one cpu"
ONLY_TORCH: Final = "only PyTorch is understood here: write torch.tensor, torch.nn, backward()"
ONLY_DENSE: Final = "only dense tensors of real numbers are in the language"

# By the first name of the module.
MODULES: Final = {
    name: hint
    for names, hint in (
        ("os sys io pathlib pickle json csv glob shutil tempfile zipfile gzip tarfile requests urllib http socket "
         "subprocess threading multiprocessing signal argparse logging configparser yaml importlib ctypes inspect",
         NO_FILES),
        ("torchvision torchaudio torchtext datasets transformers timm pandas sklearn scipy PIL cv2 skimage h5py "
         "gym gymnasium", NO_DATA),
        ("tensorflow tf keras jax jnp flax mxnet autograd theano", ONLY_TORCH),
        ("timeit cProfile profile tracemalloc psutil wandb tensorboard tensorboardX", NO_MEASURING),
        ("d2l", "paste the code of this function from its chapter, too"),
        ("sympy", "leave it out: the formulas are derived by themselves and stand on the board"),
    )
    for name in names.split()
}  # fmt: skip
# By the whole name.
NAMES: Final = {
    "torch.save": NO_SAVING,
    "torch.load": NO_SAVING,
    "torch.jit": "leave it out: the program runs as it is written",
    "torch.compile": "leave it out: the program runs as it is written",
    "torch.onnx": "leave it out: the program runs as it is written",
    "torch.fx": "leave it out: the graph is drawn by itself",
    "torch.hub": NO_DATA,
    "torch.distributed": NO_OTHER_MACHINES,
    "torch.multiprocessing": NO_OTHER_MACHINES,
    "torch.nn.DataParallel": NO_OTHER_MACHINES,
    "torch.profiler": NO_MEASURING,
    "torch.autograd.profiler": NO_MEASURING,
    "torch.utils.tensorboard": NO_MEASURING,
    "torch.utils.benchmark": NO_MEASURING,
    "torch.amp": "leave it out: everything is computed in the dtype of its tensors",
    "torch.autocast": "leave it out: everything is computed in the dtype of its tensors",
    "torch.cuda.amp": "leave it out: everything is computed in the dtype of its tensors",
    "torch.sparse": ONLY_DENSE,
    "torch.fft": ONLY_DENSE,
    "torch.complex": ONLY_DENSE,
    "torch.distributions": "write it with torch.randn and its density, such as -0.5 * ((x - m) / s)**2 - torch.log(s)",
    "torch.get_rng_state": "call torch.manual_seed(0) where the numbers shall begin again",
    "torch.set_rng_state": "call torch.manual_seed(0) where the numbers shall begin again",
    "math.factorial": "write math.gamma(n + 1)",
}


def hint_for(name: str) -> str | None:
    """Return what to do without a module or a function, None where nothing particular is known."""
    parts = name.split(".")
    within = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((NAMES[part] for part in within if part in NAMES), MODULES.get(parts[0]))
