import torch
import torch.nn.functional as F
torch.manual_seed(0)
logits = torch.tensor([2.0, -1.0], requires_grad=True)
print(F.binary_cross_entropy_with_logits(logits, torch.tensor([1.0, 0.0])))
print(F.binary_cross_entropy(logits, torch.tensor([1.0, 0.0])))
