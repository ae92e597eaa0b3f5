"""Pages of supervision: the board, alerts and their steps, rules."""
