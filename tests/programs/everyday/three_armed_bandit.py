import torch
import torch.nn.functional as F

torch.manual_seed(0)
logits = torch.zeros(3, requires_grad=True)
rewards = torch.tensor([0.1, 0.5, 1.0])
optimizer = torch.optim.SGD([logits], lr=0.5)
baseline = 0.0
for episode in range(60):
    probs = F.softmax(logits, dim=0)
    action = torch.multinomial(probs, 1).item()
    reward = rewards[action].item()
    loss = -(reward - baseline) * torch.log(probs[action])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    baseline = 0.9 * baseline + 0.1 * reward
    if episode % 20 == 0:
        print(episode, action, [round(p, 3) for p in probs.tolist()])
print(F.softmax(logits.detach(), dim=-1))
