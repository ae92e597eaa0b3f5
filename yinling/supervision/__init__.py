"""What watches over the rest: rules, alerts with a clock, silences, the live board.

Words it owns: rule (versioned data of a pack: when whom to warn), alert (one warning about one subject, from raised to
closed), step (what somebody did about it, never changed), onset (when it began), switch (a rule that is off in a
division, with reason), silence (no alerts of a rule about a subject until a time, with author), response (how soon
somebody must acknowledge, be there, resolve).
An alert is told once: its key is scope + rule + onset, and while one of a rule is open about a subject, whatever comes
again updates it. Smoke, gas, SOS and falls are merged, never suppressed. No data is never "over".
Doors: `services` (raise_alert with `Finding`, note_signal, acknowledge_alert, dispatch_alert, arrive, resolve_alert,
mark_false_alarm, verify_alert, close_alert, reopen_alert, silence, end_silence, switch_rule), `queries` (alerts_for,
open_alert, device_rules, rule_named), `measures`, `models`, `permissions`, `events`.
"""
