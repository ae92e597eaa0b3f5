"""What imported rosters of persons mean: the elders' roster (`elders`), the lists of departments (`departments`).

A department's list comes in editions, one a month and division. Leaving it opens a check and ends nothing by itself
(`rules.judge`, `services.judge_edition`). `registers` names them all; `words` and `links` translate.
"""
