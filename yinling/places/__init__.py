"""Divisions of the city (city, county, township, village), their dated names and codes, and search among them.

Words it owns: place (a division with an immutable 12-digit key), version (its code, name and parent for a time),
successor (what a merged place went into), offshoot (what was cut out of a place), key range (the inclusive keys under
a division today), register (what lies in divisions and comes along when they change).
Doors: `services` (load, add, rename, merge, move), `queries` (key_ranges, ancestors, search, tree_on), `models`,
`carrying` (registers of the floors above, offered by `config`).
"""
