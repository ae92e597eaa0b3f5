"""The oracle: the same rules, one reading at a time, in plain Python. Slow and obvious on purpose.

It shares with the engine the rules (data) and the register, and nothing that computes. Property tests and the bench
hold the engine against it. Door: `evaluating.Oracle`.
"""
