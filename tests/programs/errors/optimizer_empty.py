import torch
model = torch.nn.ReLU()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
