# The lines about devices, seeds and speed that stand at the top of so many programs.
import torch

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
print("device:", device, torch.cuda.device_count(), torch.backends.mps.is_available())
if torch.accelerator.is_available():
    print("never here")
torch.manual_seed(3)
torch.cuda.manual_seed_all(3)
torch.backends.cudnn.deterministic = True
torch.backends.cudnn.benchmark = False
torch.set_default_device("cpu")
torch.set_num_threads(1)
torch.use_deterministic_algorithms(False)
torch.set_float32_matmul_precision("highest")

x = torch.rand(2, 3, device=device, requires_grad=True)
shares = x.view(3, 2)
print(shares.is_contiguous(), shares.stride(), x.get_device())
tiny = torch.finfo(x.dtype).eps
print(tiny, torch.finfo(torch.float64).max, torch.iinfo(torch.int32).max, torch.finfo(torch.float16))
y = (x / (x.sum() + tiny)).to(device).log().sum()
y.backward()
print(x.grad.norm())
print(torch.LongTensor([1, 2]), torch.DoubleTensor([0.5]), torch.ByteTensor([7]), torch.promote_types(torch.int64, torch.float32))
