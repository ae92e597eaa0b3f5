"""Legal persons of every kind: who runs a home, repairs a bathroom, treats, sells, governs.

Words it owns: organisation (a legal person or a body under one), version (its name, form, address and standing for a
time), role (operator, contractor, medical partner: a dated fact), identifier (its number in another system), merge
(a dated link to the canonical record; rows never move).
Doors: `services` (register, change, close, merge, give_role), `queries`, `models.Organisation`, `events`.
A home with rooms and beds is an institution (`institutions`), which points to the organisation that runs it.
"""
