import torch

logits = torch.tensor([0.2, 0.1, -0.1], requires_grad=True)
actions = torch.tensor([0, 2, 1, 0])
rewards = torch.tensor([1.0, -1.0, 0.5, 2.0])
log_probs = torch.log_softmax(logits, dim=0)
chosen = log_probs.gather(0, actions)
loss = -(chosen * (rewards - rewards.mean())).mean()
loss.backward()
print(loss)
print(logits.grad)
