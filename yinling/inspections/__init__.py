"""Inspections of homes, the draw that sends them, and hazards until somebody else has looked.

Words it owns: checklist (questions in one version, loaded from a pack), slot (an item whose official text nobody has
verified yet: it is shown and never asked), inspection (one visit to a home with one checklist: planned, random, on
complaint, follow-up, or the home's own self-check), finding (the answer to one item), photo (with time, place and a
perceptual hash), draw (homes and inspectors by lot, from a seed committed beforehand), slip (one chance of a home in
the drum; its grade says how many it has), interest (why a user must not inspect a home), hazard (something that may
hurt somebody), notice (the order to remove it, with the five fixings: person, measure, money, deadline, contingency),
re-check (the look of somebody other), risk grade (internal, from stored hazards alone, never public).
Doors: `services` (plan_inspection, answer, attach_photo, sign, open_draw, close_list, reveal_draw, find_hazard,
issue_notice, submit_work, recheck, ask_extension ...), `queries`, `events`, `measures`, `permissions`, `models`,
`rules.drawing` (replays a draw from its published record, without this platform's database).

A hazard that an inspection, an alert or a complaint found keeps its origin as (kind, uid).
"""
