"""Volunteers, the village elders' associations they belong to, and the bank of the hours they give.

Words it owns: branch (an elders' association as the village's part of the bank), member (whoever has an account
there: volunteer, elder or both), volunteer, check, coordinator (acts for members without telephones; every such act
leaves a receipt), request and offer (of a service), order (one service: agreed, done, confirmed, banked), pool (hours
given away), grant pot (a county's hours for those in need), hold (hours set aside for an order), solvency.
The bank keeps no book of its own: every minute stands in `ledger`, in the book `time_bank`. An order is banked when
both sides have confirmed it and the days for a dispute are over.
Doors: `services` (one function per verb), `queries`, `events`, `permissions`, `models`, `measures`.
"""
