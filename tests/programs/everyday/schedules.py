import torch
from torch.optim.lr_scheduler import StepLR, ExponentialLR, LambdaLR, CosineAnnealingLR, MultiStepLR, ReduceLROnPlateau

model = torch.nn.Linear(1, 1)
x, y = torch.tensor([[1.0], [2.0]]), torch.tensor([[2.0], [4.0]])


def show(name, make):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = make(optimizer)
    lrs = []
    for epoch in range(6):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        lrs.append(optimizer.param_groups[0]["lr"])
        if isinstance(scheduler, ReduceLROnPlateau):
            scheduler.step(loss)
        else:
            scheduler.step()
    print(f"{name:20}", ["%.4f" % lr for lr in lrs])


show("step", lambda o: StepLR(o, step_size=2, gamma=0.1))
show("exponential", lambda o: ExponentialLR(o, gamma=0.9))
show("lambda", lambda o: LambdaLR(o, lr_lambda=lambda epoch: 0.95 ** epoch))
show("cosine", lambda o: CosineAnnealingLR(o, T_max=5))
show("multistep", lambda o: MultiStepLR(o, milestones=[2, 4], gamma=0.5))
show("plateau", lambda o: ReduceLROnPlateau(o, 'min', patience=1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
scheduler = StepLR(optimizer, 1)
optimizer.step()
scheduler.step()
print(scheduler.get_last_lr(), scheduler.last_epoch)
