"""Divisions of the city (city, county, township, village), their dated names and codes, and search among them.

Words it owns: place (a division with an immutable 12-digit key), version (its code, name and parent for a time),
successor (what a merged place went into), key range (the inclusive keys under a division today).
Doors: `services` (load, rename, merge, move), `queries` (key_ranges, ancestors, search), `models`.
"""
