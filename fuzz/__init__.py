"""Throw mutated programs, values and upstream gradients at the whole line, in confined children, and watch them."""
