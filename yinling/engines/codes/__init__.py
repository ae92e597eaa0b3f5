"""Codes that identify: resident IDs, organisations, divisions, coordinates, telephones, other documents.

Every reader takes what a cell may hold and gives a value, or a `Reason` that says what is wrong and what
to do next. Reasons never repeat a whole identity number: they are shown, logged and printed.

Doors: `resident_id`, `resident_id_columns` (a million at once), `uscc`, `division`, `coordinates`, `phone`,
`documents`.
"""
