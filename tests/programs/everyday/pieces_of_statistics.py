# Quantiles, modes and moments: the order of the numbers decides who receives the gradient.
import torch

x = torch.tensor([[3.0, 1.0, 4.0, 1.0], [5.0, 9.0, 2.0, 6.0]], requires_grad=True)
low, high = torch.aminmax(x)
print(low, high)
spread, centre = torch.std_mean(x, dim=1)
print(spread, centre, torch.var_mean(x))
third = x.kthvalue(3, dim=1)
print(third.values, third.indices)
print(x.quantile(0.25), torch.quantile(x, torch.tensor([0.1, 0.9]), dim=1))
print(x.detach().mode(dim=1), x.cov(), torch.corrcoef(x))
print(torch.histc(x.detach(), bins=3, min=0, max=9), torch.trapezoid(x[0]), torch.nanmean(x))
print(torch.dist(x[0], x[1]), torch.bucketize(x.detach(), torch.tensor([2.0, 5.0])))
loss = spread.sum() + third.values.prod() + x.quantile(0.5) + (high - low)
loss.backward()
print(x.grad)
