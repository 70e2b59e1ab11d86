import torch

params = {"w": torch.tensor(1.0, requires_grad=True)}
loss = params["w"] * 2
loss.backward()
print(params["b"].grad)
