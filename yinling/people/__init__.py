"""The register of persons: who an elder is, where, with whom, in which categories, and who may see it.

Words it owns: person (one file), document (resident ID, another one, or a temporary number), residence, category,
life status, kin, guardian, consent, willingness (for central care), grant (one user may see one person for a time),
whereabouts (home, stay, hospital, away), doubt (a record that may be a person we know), merge (a dated link to the
canonical file), transfer (a person handed to another county), look (somebody opened protected data), household and
membership (who lives under one roof, as what to its head), portrait (the photograph on the card), inquiry (into abuse;
looks under it stay out of the access receipt until it closes).
Doors: `services` (register, correct, register_death, merge, transfer, reveal, open_inquiry …), `queries` (search,
lists), `models`, `rosters` (what an imported roster of persons means), `measures`.
"""
