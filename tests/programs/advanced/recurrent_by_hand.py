import torch
import torch.nn as nn

torch.manual_seed(42)
num_hiddens, vocab = 4, 3


def get_params():
    def normal(shape):
        return torch.randn(size=shape) * 0.01
    W_xh = normal((vocab, num_hiddens))
    W_hh = normal((num_hiddens, num_hiddens))
    b_h = torch.zeros(num_hiddens)
    W_hq = normal((num_hiddens, vocab))
    b_q = torch.zeros(vocab)
    params = [W_xh, W_hh, b_h, W_hq, b_q]
    for param in params:
        param.requires_grad_(True)
    return params


def rnn(inputs, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    H, = state
    outputs = []
    for X in inputs:
        H = torch.tanh(torch.mm(X, W_xh) + torch.mm(H, W_hh) + b_h)
        Y = torch.mm(H, W_hq) + b_q
        outputs.append(Y)
    return torch.cat(outputs, dim=0), (H,)


def grad_clipping(params, theta):
    norm = torch.sqrt(sum(torch.sum((p.grad ** 2)) for p in params))
    if norm > theta:
        for param in params:
            param.grad[:] *= theta / norm
    return norm


params = get_params()
X = torch.nn.functional.one_hot(torch.arange(6).reshape(2, 3) % vocab, vocab).float().permute(1, 0, 2)
state = (torch.zeros((2, num_hiddens)),)
loss = nn.CrossEntropyLoss()
for epoch in range(3):
    Y, new_state = rnn(X, state, params)
    l = loss(Y, torch.tensor([1, 2, 0, 1, 2, 0])).mean()
    for p in params:
        if p.grad is not None:
            p.grad.zero_()
    l.backward()
    n = grad_clipping(params, 1)
    with torch.no_grad():
        for p in params:
            p -= 1.0 * p.grad
    print(epoch, round(l.item(), 5), round(n.item(), 5))
