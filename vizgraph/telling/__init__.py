"""Tell the backward pass in words and formulas: its beats, and the card of every node and edge."""
