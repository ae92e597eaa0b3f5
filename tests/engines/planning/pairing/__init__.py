"""The planner: search, checker, the benchmark's format, the day that goes otherwise."""
