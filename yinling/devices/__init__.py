"""Devices: what hangs, stands or is worn, where, on whose consent, and what it reported.

Words it owns: profile (what a model of device measures, from a pack), metric (one measured quantity, with a small
number that never changes), device, placement (where a device stands for a time), care scope (whatever is judged
together: one institution, one household, one person, one public place), gateway (what other devices hang on),
token (what a device proves itself with: shown once, stored hashed), claim code (on a label: takes a device into use
once), look at a camera (on demand, with a reason, for minutes).
Doors: `services` (register_device, claim_device, place_device, take_down, rotate_token, revoke_tokens, set_state,
record_maintenance, look_at_camera, share_position, note_health, load_devices ...), `queries` (device_table, is_behind,
credentials, allowed_metrics, may_see_position, devices_for ...), `telemetry`, `events`, `measures`, `permissions`,
`models`.

Whatever needs a consent is left out of `device_table` in the moment the consent is no longer in force: nothing that
is asked for a consent is cached anywhere.
"""
