"""Pages of shifts."""
