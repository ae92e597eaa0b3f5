"""Ground of the platform: values, errors, changes (record, feed, seals), crypto, jobs.

Words it owns: reason (a sentence with its values), refusal, actor (who acts), change (one write, recorded),
seal (number and chain of changes), job (long work with progress), protected value (encrypted text).
Doors: `reasons`, `errors`, `actors`, `clock`, `uids`, `scope`, `changes`, `crypto`, `jobs`, `measures`, `readings`
(what packs say, compared), `database`.
"""
