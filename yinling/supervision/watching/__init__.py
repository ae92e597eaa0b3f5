"""The process that watches: `python -m yinling.supervision.watching`.

It follows the journal of readings, hands them to `engines.signals` and writes what comes of it as alerts. Everything
it knows stands in one checkpoint: state of the engine, position in the journal, the time up to which all was judged,
and the rules and devices that the state belongs to. Alerts are written before the checkpoint moves on, and writing one
twice is harmless: kill -9 at any moment repeats work, and neither doubles nor loses an alert.

Order is the journal's, a flush at a time, as soon as it is there: before the first flush of a second what time alone
has done up to the second's beginning (silence, durations, schedules), then the readings. Where flushes were cut stands
in the journal, so the order does not depend on when this process ran: a run that was killed twenty times judges as one
that was not. Rules and devices are read again beside the judging; consents that ended are asked for every second.

Words it owns: watermark (up to when everything received has been judged), pace (a played day runs faster than the
clock), beat (what the process last said about itself), trial (a rule over stored history).
"""
