import torch
w = torch.tensor([1.0, 5.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=0.01, momentum=0.9)
step = 0
while True:
    opt.zero_grad()
    loss = ((w - 3)**2).sum()
    loss.backward()
    opt.step()
    step += 1
    if loss.item() < 1e-5:
        print("converged at", step)
        break
print(w, w.grad)
