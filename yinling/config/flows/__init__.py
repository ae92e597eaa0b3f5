"""Stories that cross neighbours, or floors that may not know each other: one file per story, imported by `wiring`."""
