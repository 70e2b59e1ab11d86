import torch

x = torch.tensor([1000.0, 1001.0, 1002.0], requires_grad=True)
naive = torch.log(torch.exp(x).sum())
stable = torch.logsumexp(x, dim=0)
print(naive.item(), stable.item())
stable.backward()
print(x.grad)
