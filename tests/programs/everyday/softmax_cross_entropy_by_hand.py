import torch

logits = torch.tensor([[2.0, 1.0, 0.1], [0.5, 2.5, 0.3]], requires_grad=True)
target = torch.tensor([0, 1])

shifted = logits - logits.max(dim=1, keepdim=True).values
probs = shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)
loss = -torch.log(probs[torch.arange(2), target]).mean()
loss.backward()
print("probs:", probs)
print("loss:", loss.item())
print("grad:", logits.grad)

one_hot = torch.zeros(2, 3)
one_hot[0, 0] = 1.0
one_hot[1, 1] = 1.0
print(torch.allclose(logits.grad, (probs.detach() - one_hot) / 2))
