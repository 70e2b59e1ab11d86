"""Evaluate the checked tree of a program on real tensors, one counted step at a time."""
