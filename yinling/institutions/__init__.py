"""Homes and other sites of care: their licences and staff, rooms and beds, and who stays in them.

Words it owns: institution (a site: home, day centre, village point, canteen …), licence, staff (somebody who works
there, with certificates), bed, bed state (set up means usable or under repair; closed is neither), application,
waiting list, stay (from arrival until the person has physically left), bed use (a bed occupied by a stay or reserved
for an application), leave (out for a while, with a slip), occupancy (occupied beds over usable beds), staffing
(carers present against those that the residents' levels ask for).
Doors: `services` (register_institution, close_institution, add_beds, hire, end_post, apply_for_admission, review,
reserve_bed, admit, move, transfer, discharge, void_stay, go_on_leave, prepay, charge, bulk_load …), `queries`
(occupancy_table, institutions_for, staffing_of, stays_of), `events`, `measures`, `permissions`, `models`.

The database itself refuses to give a bed to two stays, to free it before the person has left, and to switch it after
discharge (migration 0002).
"""
