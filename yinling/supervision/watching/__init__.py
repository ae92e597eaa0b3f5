"""The process that watches: `python -m yinling.supervision.watching`.

It follows the journal of readings, hands them to `engines.signals` and writes what comes of it as alerts. Everything
it knows stands in one checkpoint: state of the engine, position in the journal, the time up to which all was judged,
and the rules and devices that the state belongs to. Alerts are written before the checkpoint moves on, and writing one
twice is harmless: kill -9 at any moment repeats work, and neither doubles nor loses an alert.

Order is by the time at which readings were received, a second at a time: first what time alone has done up to the
beginning of the second (silence, durations, schedules), then the second's readings. The order does not depend on when
this process ran, so a run that was killed twenty times judges as one that was not.

Words it owns: watermark (up to when everything received has been judged), pace (a played day runs faster than the
clock), beat (what the process last said about itself), trial (a rule over stored history).
"""
