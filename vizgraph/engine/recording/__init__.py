"""Record what autograd does while a program runs, and freeze it into plain values."""
