import torch

A = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
B = torch.tensor([[0.5, -1.0], [1.5, 2.0]], requires_grad=True)
C = torch.mm(A, B)
print(C)
G = torch.ones(2, 2)
C.backward(G)
print(A.grad)
print(torch.equal(A.grad, G @ B.detach().T))
print(torch.equal(B.grad, A.detach().T @ G))
