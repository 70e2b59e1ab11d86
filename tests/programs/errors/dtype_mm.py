import torch
import torch.nn as nn
import numpy as np

X = torch.from_numpy(np.array([[1.0, 2.0], [3.0, 4.0]]))
print(X.dtype)
layer = nn.Linear(2, 1)
print(layer(X))
