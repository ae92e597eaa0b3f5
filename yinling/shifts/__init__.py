"""The carer's day in a home: what is due in a ward and a shift, what was done, what happened.

Words it owns: ward (a floor, or a whole small home), shift kind (day, evening, night: data), task (something due at a
time; computed, never stored), care record (a task that was done), second check (of a medicine, by another person),
patrol point (a place with a QR code or NFC tag), head count, hand-over (the end of a shift: everybody seen, or said
where), missed task (not done when its shift was over), incident (something happened to somebody), review, safety risk
(the nine of GB 38600), risk assessment, measure.
Doors: `services` (open_ward, plan_turning, set_diet, order_medicine, record_care, record_meal, patrol, check_medicine,
hand_over, take_over, report_incident, review_incident, close_incident, assess_risks ...), `queries`, `facts` (medicine
not signed, patrol missing, resident not seen), `events`, `permissions`, `models`.

Tables: Ward, PatrolPoint · TurningPlan, Diet, MedicineOrder · CareRecord, HandOver, HeadCount, MissedTask · Incident,
Involved · RiskAssessment, RiskFinding. A carer's phone may be without a signal for an hour: it keeps what was
done and sends it later, with a uid of its own and the time of doing; both make a second sending harmless.
"""
