"""Duties with clocks: whatever waits for somebody, one list per user, ordered by what is due.

Words it owns: item (a duty about a subject, held by a role in a division or by a user), ladder (how long a duty may
take and who is told when it is late: village, township, county, city), climb, pause (the clock stops), hand-over
(with a receipt), kind (what sort of duty: its words, icon and batch action), telling (who hears of a duty that climbs
or falls due), batch (the same verb for several duties, with an outcome for each).
Doors: `services` (open_item, close_item, void_item, pause_item, hand_over ...), `queries` (items_for, counts_for,
who_is_late), `batch` (chosen_duties), `models` (WorkItem, Subject, NextStep), `kinds` and `subjects` (registries
filled by `config`), `showing` (what its list template is given).
Other modules open and close items by calling down; this one owns every clock.
"""
