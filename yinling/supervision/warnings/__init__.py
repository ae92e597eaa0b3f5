"""Warnings without devices: rules over the register, and the silence watch over signs of life.

Words it owns: fact (a number about one subject, asked of the register under a name: days left of a licence, carers
missing in a home), register rule (a fact, a limit per level, and whether the register itself proves that it is over),
rhythm (an elder's usual signs of life by hour and day), concern (a silence that is unusual for her).
Rules are data of packs (`rules/register.yaml`); a rule names its fact and never computes. They run when facts change
(`listening.CHANGES`) and every night, and their alerts have the same life as those of devices.
The silence watch reads the signs of those alone who live alone, are at home, and have a consent to it in force; with
its withdrawal the watching ends, and so does what it had raised.
Doors: `facts.FACTS`, `judging` (judge_rules), `watching_silence` (watch_silence), `rhythm` (what the panel draws),
`jobs`, `listening`.
"""
