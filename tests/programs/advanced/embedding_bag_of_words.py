import torch
import torch.nn as nn
import torch.nn.functional as F

class CBOW(nn.Module):
    def __init__(self, vocab, dim):
        super().__init__()
        self.embeddings = nn.Embedding(vocab, dim)
        self.linear = nn.Linear(dim, vocab)

    def forward(self, ids):
        summed = self.embeddings(ids).sum(dim=0)
        return F.log_softmax(self.linear(summed), dim=0)

torch.manual_seed(0)
words = ["the", "cat", "sat", "down"]
index = {word: i for i, word in enumerate(words)}
model = CBOW(len(words), 3)
loss_function = nn.NLLLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
context = torch.tensor([index[w] for w in ["the", "sat"]], dtype=torch.long)
target = torch.tensor(index["cat"])
for epoch in range(3):
    model.zero_grad()
    log_probs = model(context)
    loss = loss_function(log_probs, target)
    loss.backward()
    optimizer.step()
    print(f"{epoch} {loss.item():.4f}")
