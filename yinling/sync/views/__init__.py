"""Pages of sync, and what phones ask."""
