"""What telephones hold for work without a signal, and the commands they send when back.

Words it owns: phone (one browser of one user, with a data key of its own that can be withdrawn), holding (one document
that lies on a phone, known by its digest), feed (which documents a user's phone may hold, from scope and
capped), command (one act of a user off line, with a uid that makes sending it twice harmless), answer (what was
said to it: done, refused, settled), wipe (a phone deletes all it holds). Generic: modules above say in
`config/wiring.py` what their feeds hold and what their commands do. The protocol on one page: decision 0012.
Doors: `services`, `queries`, `events`, `permissions`, `models`, `registry`, `rules`.
"""
