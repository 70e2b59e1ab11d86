import torch
params = {"w": torch.ones(1, requires_grad=True)}
y = params["w"] * params["b"]
