"""The process that devices talk to: `python -m yinling.devices.ingest`.

A reading's way in, file by file: `listener` (our own MQTT door), `bridge` (another MQTT broker) or `http` take a
message; `intake` gathers; `flush` reads what has gathered (`payloads`, `binary`) and weighs whole columns against the
`register` (`validating`); `journal` puts what holds on disk; only then `intake` has the doors acknowledge. `faults`
counts and samples what did not hold, `latest` keeps the last value of each channel, `state` tells the supervisor and
the doctor how things go, `compacting` moves closed segments of the journal into the `history` (Parquet by day and
shard). `process` puts it all together.

Words: message (what one device sends at once), sender (the device that proved itself with a token), flush (the messages
that share one write to disk), batch id (the sender's own name for a message, said back in our acknowledgement).
Everybody else reads telemetry through `yinling.devices.telemetry`.
"""
