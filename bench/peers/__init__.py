"""Measure vizgraph beside torchviz, torchview and torchlens: `make bench-peers`."""
