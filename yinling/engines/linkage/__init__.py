"""Are these two records one person? Pure and columnar: records in, links with reasons out.

Words: a *record* is one row about a person; a *block* is a set of records worth comparing; a *level* says how well
two values agree (comparing); *bits* are the evidence of a level, log2 of how much likelier it is for one person than
for two (weights); a *hold* keeps a pair from being merged automatically whatever its bits (deciding).

Doors: `linking.link` for a whole file; `matching.match_one` and `keys.blocking_keys` for one record on entry
(`keys.blocking_key_columns` for many); `weights.shipped_weights` and `weights.parse_weights`; `explaining.explain`,
`why_merged` and `why_held`; `records.clean_names`.
Background: Fellegi and Sunter, A Theory for Record Linkage (1969); weights are trained with Splink, off line.
"""
