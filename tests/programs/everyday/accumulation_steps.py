import torch
import torch.nn as nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
accumulation_steps = 4
data = [(torch.randn(2, 3), torch.randn(2, 1)) for _ in range(8)]
model.zero_grad()
for i, (inputs, labels) in enumerate(data):
    predictions = model(inputs)
    loss = nn.functional.mse_loss(predictions, labels) / accumulation_steps
    loss.backward()
    if (i + 1) % accumulation_steps == 0:
        total_norm = sum(p.grad.norm() ** 2 for p in model.parameters()) ** 0.5
        print(f"step {i}: |g| = {total_norm:.4f}")
        optimizer.step()
        model.zero_grad()
print([p.grad for p in model.parameters()])
