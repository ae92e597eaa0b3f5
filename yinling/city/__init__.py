"""The demonstration city: invented people, real places, and the figures of the newspaper page.

Words: a *draw* is a random number that depends on nothing but the seed and what it is drawn for; a *quota* is the
exact number of people of a kind that a village receives; the *scale* is the share of the city's people that is built
(the network of sites is always whole).

Doors: `building.build_city` writes it into an empty database; `facts` holds the article's figures against what the
registers hold. Below lies the generator, which is pure (the seed, the scale and the city's today are arguments, tables
are polars frames): `parameters.parse_parameters`, `population.build_people`, `network.build_network`, the lists in
`rosters`.
"""
