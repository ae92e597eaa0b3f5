"""City and programme packs: folders of files, loaded into the modules below, compared before and after.

Words it owns: pack (a folder with `pack.yaml`), part (one kind of file in it, and who takes it), difference (one thing
that loading would add, change, end or remove), load (one such change of the database, on record).
Doors: `services` (load_pack, load_all, preview), `parts` (offer), `queries`, `models`.
The format is in docs/operate/packs.md. A city is a folder: there is no code of its own.
"""
