"""Homes and other sites of care: their licences and staff, rooms and beds, and who stays in them.

Words it owns: institution (a site: home, day centre, village point, canteen …), licence, staff (somebody who works
there, with certificates), bed, bed state (set up means usable or under repair; closed is neither), application,
waiting list, stay (from arrival until the person has physically left), bed use (a bed occupied by a stay or reserved
for an application), leave (out for a while, with a slip), occupancy (occupied beds over usable beds).
Doors: `services` (register_institution, add_beds, set_bed_state, apply_for_admission, review, admit, move, transfer,
discharge, go_on_leave, come_back, prepay, charge, bulk_load …), `queries` (occupancy, institutions_for, stays_of),
`events`, `measures`, `permissions`, `models`.

The database itself refuses to give a bed to two stays, to free it before the person has left, and to switch it after
discharge (migration 0002).
"""
