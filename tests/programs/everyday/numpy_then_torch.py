import numpy as np
import torch

X = np.array([1, 2, 3, 4], dtype=np.float32)
Y = np.array([2, 4, 6, 8], dtype=np.float32)
w = 0.0


# model output
def forward(x):
    return w * x


# loss = MSE
def loss(y, y_pred):
    return ((y_pred - y)**2).mean()


# J = MSE = 1/N * (w*x - y)**2
# dJ/dw = 1/N * 2x(w*x - y)
def gradient(x, y, y_pred):
    return np.mean(2*x*(y_pred - y))


print(f'Prediction before training: f(5) = {forward(5):.3f}')
learning_rate = 0.01
n_iters = 20
for epoch in range(n_iters):
    y_pred = forward(X)
    l = loss(Y, y_pred)
    dw = gradient(X, Y, y_pred)
    w -= learning_rate * dw
    if epoch % 2 == 0:
        print(f'epoch {epoch+1}: w = {w:.3f}, loss = {l:.8f}')
print(f'Prediction after training: f(5) = {forward(5):.3f}')
Xt, Yt = torch.from_numpy(X), torch.from_numpy(Y)
wt = torch.tensor(0.0, dtype=torch.float32, requires_grad=True)
for epoch in range(100):
    l = ((wt * Xt - Yt) ** 2).mean()
    l.backward()
    with torch.no_grad():
        wt -= learning_rate * wt.grad
    wt.grad.zero_()
print(f'f(5) = {(wt * 5).item():.3f}')
