"""Dated parameters, code lists and the calendar of working days: every number and list that a city or a year changes.

Words it owns: parameter (a value that holds from one day until another, with unit, source and a verified mark),
code list and entry (the official codes and their Chinese and English words), special day (a holiday, or a weekend
that is worked), own limit (a parameter that no document prescribes: the operator answers for it), pack (where a value
came from), layer (a city's value stands before the nation's).
Doors: `queries` (parameter, fact, entries, label, is_working_day, add_working_days), `services` (set_parameter,
verify, and the bulk doors that packs load through), `models`.

Unverified values are shown with 「未核实，启用前请对照原文」 and may warn; only verified ones, and the
operator's own limits, may refuse anyone anything (`Fact.may_refuse`).
"""
