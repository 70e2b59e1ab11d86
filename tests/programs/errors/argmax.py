import torch
logits = torch.tensor([[1.0, 3.0], [2.0, 0.5]], requires_grad=True)
pred = logits.argmax(dim=1)
loss = (pred.float() - torch.tensor([1.0, 1.0])).pow(2).mean()
loss.backward()
