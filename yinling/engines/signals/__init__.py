"""Readings of devices and the time in, alerts out. Pure and columnar: no clock, no database, no network.

Words: a *channel* is one metric of one device; a *rule* is versioned data (`rules`, `conditions`); an *atom* is one
test of a rule; a *lane* is an atom on a channel; a *slot* is a rule about one subject and holds its alert; a *tick*
is a step without readings; the *watermark* is the time up to which all readings have been handed in.

Doors: `parsing.rules_from_yaml` and `rule_from`; `planning.plan_for(rules, register)`; `state.new_state`, `to_bytes`,
`from_bytes`; `stepping.step`; `interventions` (alerts closed by people, consent, outages, changed rules and devices);
`areas.step_areas` (rules over the alerts of all shards); `trying.try_rules` and `told`; `silence` (signs of life);
`sharding.shard_of`. The `oracle` evaluates the same rules one reading at a time and is what tests hold `step`
against.

What a reading means
    Readings of a batch are put into order of channel and time before anything is evaluated, so a gateway's two hours
    in one batch mean what they would have meant one by one. A reading is *accepted* if it is newer than the last
    accepted one of its channel; the same time again is a *repeat* (the first stands), an older time is *late*. Both
    are counted and change nothing, except under a rule that is `never_suppressed` (smoke, gas, SOS, fall): there a
    late reading that raises, raises or is merged into the open alert, marked late; it never clears. The last four
    raises of such a lane are remembered by their times, so a reading delivered twice is harmless.
    A time more than two minutes ahead of `now` is dated at `now` and counted; `clock_ahead` tests how far it was
    ahead. NaN, infinities and unknown channels are counted and dropped.

What time means
    Only a tick (every step is one) up to min(now, watermark) finds absence and gaps; so there is no verdict of
    absence while ingest is behind. Lasting (`for`), windows and expiry of sequences go on by tick and by later
    readings alike, at the time at which they were due, not at the time of the step. Silence is counted from the last
    accepted reading, at the earliest from the start of the state or from `listen_from` after an outage: that is the
    grace at start-up. Under a schedule a lane comes on inside a window only, `for` is counted inside one window, and
    it goes off with the window; what was true at the end is still true when the next one begins.

What a gap means
    No reading for `gap.after`: told once as `no_data` if the alert is open, which stays open whatever the policy.
    `hold` does no more; `reset` starts counting, waiting and rates anew; `raise` takes the gap for readings that
    raise.

What an alert means
    One per rule and subject at a time, named by scope, rule and onset. `raised` when its first lane comes on,
    `updated` when its level changes or it happens again (at most every `dedupe.within`), `no_data`, `cleared` when
    its last lane has gone off by its own clear, `stopped` when evaluation ends (consent withdrawn, rule or device
    gone).

A state that went through bytes at any point continues as if it had not. `step` uses its state up: columns change in
place. Everything below `area` lies in one care scope, so shards by care scope give the alerts of one machine.
"""
