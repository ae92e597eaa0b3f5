"""The brains: pure Python, no Django, database, clock, random or network. Usable from a notebook."""
