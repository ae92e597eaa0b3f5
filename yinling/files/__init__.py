"""Photos, scans, recordings, rosters and generated documents: kept encrypted, found by the hash of their content.

Words it owns: stored file (one thing somebody put in, with its purpose and term), blob (the encrypted content; the same
content is kept once), kind (photo, scan, recording … with the types and the size it may have), erasure (content gone,
digest kept).
The hash stands in the table only: as a file name it would tell a thief of the disk who holds the same document.
Pictures are kept upright and without what their camera wrote into them (`pictures`).
Doors: `services` (store, open_file, erase, erase_expired, sweep), `queries`, `models.StoredFile`, `kinds`,
`vault.Readable` (what `store` reads from).
"""
