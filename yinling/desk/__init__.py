"""What staff see first: today's work, the figures of their division, and the way down from city to village.

A face: it owns no tables. Words it owns: desk (the home page), division page (city, county, township, village).
Doors: none; nobody stands above but the roof.
"""
