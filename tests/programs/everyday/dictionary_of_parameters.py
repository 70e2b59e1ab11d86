import torch

torch.manual_seed(0)
params = {
    "W": torch.randn(2, 2, requires_grad=True),
    "b": torch.zeros(2, requires_grad=True),
}
x = torch.tensor([1.0, -1.0])

def model(params, x):
    return torch.tanh(params["W"] @ x + params["b"])

loss = model(params, x).pow(2).sum()
loss.backward()
for name in params:
    print(name, params[name].grad)
params["b"] = params["b"] - 0.1 * params["b"].grad
print(params["b"], len(params), "W" in params)
