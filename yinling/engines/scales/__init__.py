"""Assessment scales: an instrument is data, a score is computed here and nowhere else.

Doors: `instruments` (data in, checked instrument out), `scoring` (answers in, levels and reasons out).
A level sent by a client is never an input.
"""
