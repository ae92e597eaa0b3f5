"""Scales and levels of need: assessments by two certified assessors, and the level that follows from them.

Words it owns: instrument (one scale in one version, loaded from a pack), assessment (one person, one scale, one day),
circumstance (a fact beside the items that may change the level), form A (what a scale asks about the person beside its
items), signature (an assessor's word for the content as it stood), certificate (what makes a user an assessor), level
(a dated fact of a person on one scale), condition report (somebody saw that a person's ability changed).
Doors: `services` (plan_assessment, save_draft, sign, sign_as_informant, void_assessment, record_legacy,
record_self_care, report_change_of_condition, register_certificate, load_instrument, load_results), `queries`
(current_levels, levels_of, history_of), `events` (LevelChanged), `measures`, `permissions`, `models`.

A level is never taken from a client: `engines.scales` scores the answers at every save and once more at each
signature. A signed assessment is never edited; it is voided with a reason and done again.
"""
