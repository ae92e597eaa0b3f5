"""Who visits whom, when, by which road. Pure: no clock of its own, no database, no files.

Words: a *visit* is one door with one or two *tasks*, each for one carer; a *stop* is a task on a carer's *route*; a
*plan* is every carer's route and what is left out; *parts* are what it costs, named; a *move* is one change tried; a
*board* is problem and plan as arrays, for the compiled part; a *key* is a visit's place in the order that all routes
follow; a *promise* is a visit whose carer and time somebody has been told.

Doors: `problem` (the words as values); `solving.solve(problem, Until(...), seed)`; `asking.refuse_nonsense`;
`checking.faults_of`, `parts_of` and `times_for`; `offering` (what this visit costs with that carer, and why this
one); `replanning.replan` (the day goes otherwise); `days` (several days: patterns and named carers first);
`hhcrsp` (the benchmark's own format).

What a plan means
    Minutes count from whatever the caller calls zero. A carer leaves her start when her shift begins, waits where she
    is early, and goes home; what is later than the shift's end is overtime. A visit never starts before it opens;
    after it closes it is late by so many minutes, which cost. Of a visit by two the second task starts within the gap
    after the first, and by another carer. A break is taken after the first stop that ends when it is due. What must be
    made and can be made by nobody is left out, at a price no road reaches, and `faults_of` says so.
    All times are the earliest that the routes allow.

How it is found
    Every route is in order of key and both tasks of a visit by two have one key, so no two routes can wait for each
    other and any edit gives a plan that can be gone. A move edits the plan in place, times are made anew in order of
    key only where they change, and the move is taken back as soon as it costs more than the temperature allows
    (`edits`, `moves`, `annealing`; `placing` for first plans). What this leaves out: two visits by two carers with
    gaps, each half before the other.
    With a number of moves the same seed gives the same plan on any machine; with seconds it depends on the machine.

The judge, `checking`, was written apart from the search and shares nothing with it but the words.
Background: Mankowska, Meisel and Bierwirth, The home health care routing and scheduling problem with interdependent
services (2014); Ceschia, Di Gaspero and Schaerf (2025) for start points and shifts.
"""
