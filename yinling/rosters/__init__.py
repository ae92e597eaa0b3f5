"""Who is on duty when: rosters of divisions and organisations, by post.

Words it owns: roster (one post of one division or organisation: hotline, duty officer, night watch), shift (a pattern:
from when to when, on which days, how many users), turn (one user is on duty from an instant until another), swap (an
offer of a turn that a colleague takes, with the receipt of whoever offered it or plans the roster).
Doors: `services` (open_roster, add_shift, plan_turns, put_on, take_off, offer_swap, take_swap ...), `queries` (on_duty,
next_turns), `events`, `permissions`, `models`.
`on_duty` asks the nearest roster first and climbs the line of divisions (township, county, city) until somebody is on.
"""
