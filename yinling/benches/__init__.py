"""Benchmarks that run on what a user would install: `yinling bench NAME [--quick]`.

A bench is a module here with `run(quick: bool) -> Report`. It ends with one JSON line.
"""
