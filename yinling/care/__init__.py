"""Care at home: plans, visits that are due and what came of them, who visits whom, home beds, the day's rounds.

Words it owns: visitor (who goes to doors: volunteer, village visitor, paid carer, cadre), pairing (a visitor and the
person they visit, for a time; a substitute stands in), wish (language, sex, skill: whom somebody would like at the
door), visit (due until it is made; it counts only with contact), attempt (a rung of the ladder when nobody answers),
coverage (distinct persons with a valid contact this month of those due), doubt (a record that can hardly be true: a
case with evidence, never a verdict), plan (what is to be better for a person, what is done for it and by whom), goal,
line (a service of a plan with its frequency), session (one occurrence of a line), partner (an organisation that
delivers part of a plan and sees that part), programme (plans of one kind: elders at home, a plan per child), home bed
(a bed at home with a provider that answers around the clock), day plan (who goes where on a day, in versions), round
(one visitor's stops of a day).
Doors: `services`, `queries`, `events`, `measures`, `facts`, `permissions`, `models`.
"""
