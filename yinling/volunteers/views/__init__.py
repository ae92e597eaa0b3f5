"""Pages of the module, by subject."""
