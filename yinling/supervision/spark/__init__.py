"""Past one machine: the same engine on Spark Structured Streaming. Optional; `pip install 'yinling[spark]'`.

`python -m yinling.supervision.spark` reads stored readings, hands them shard by shard to `engines.signals.step` inside
Spark's `transformWithState`, and writes what comes of it as alerts. Smoke, gas, SOS and falls keep the direct path
(`supervision.watching`), which waits for no micro-batch; `rules.far` says which rules may go.

Words it owns: far (a rule that Spark may judge; the others are direct), shard (the care scopes whose state is kept
under one key, `sharding.shard_of`), roll call (the first state of every shard, so that a device that never reports is
found silent too).

Order is that of `watching`: by the time of receipt, first what time alone has done, then what one flush brought. Time
is Spark's watermark over the time of receipt; a timer of each shard stands at the next moment at which time alone
changes anything. So the alerts are those of one process, and `tests/supervision/spark` holds them to it.

Files: `rules` and `shards` are pure, `shards` runs in Spark's workers without Django; `layout` keeps what the workers
need (rules, devices, where each channel lies); `processor` and `stream` know Spark; `telling` puts rows of alerts back
into the engine's columns; `command` reads the database and writes alerts into it. Nothing outside imports any of them.
"""
