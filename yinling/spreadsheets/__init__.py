"""Spreadsheets: Excel in and out, for every register.

Words: a *roster* is a file that somebody keeps in Excel; a *field* is what a register can take from it; a *layout* says
where the header of a sheet is; a *mapping* says which column feeds which field; a *plan* is both, for one sheet; an
*import* is one file on its way into one register; a *finding* is what is wrong with one cell; an *outcome* is what
became of one row; a *marker* says who took a list out, when and why.

Files: `reading` opens rosters and refuses hostile ones; `rules/` decides about cells, rows and headers (pure);
`preparing` makes batches ready, for a large file in a process of its own; `importing` takes them, each with its
position in one transaction; `outcomes` keeps what became of each row; `annotated` gives the clerk her own workbook
back; `exporting` writes lists. Nothing here knows what a person or a bed is: registers bring their fields, and take
the rows.

Doors: `services` (upload, choose_mapping, start, stop, resume, annotate, import_file), `queries`, `models`, `events`,
`registers` (offer, Register, Context, Link), `rules` (fields, columns), `outcomes` (Outcome, OutcomeKind), `exporting`
(write_list, Column), `marker`, `jobs` (import once at start, so that a runner knows the work).
"""
