"""What the blocks of a city's parameters are called on the page that says where each comes from."""

from django.utils.translation import gettext_noop as _

MARKS = {
    "article": _("From the article of December 2025"),
    "census": _("From the census and published statistics"),
    "invented": _("Invented"),
}
BLOCKS = {
    "dates": _("the days on which the figures hold"),
    "population": _("number of elders"),
    "counties": _("population of the counties"),
    "villages": _("size of villages, clans"),
    "ethnic": _("ethnic groups"),
    "surnames": _("surnames"),
    "given": _("given names"),
    "single_given_share": _("given names of one character"),
    "homophones": _("names written by ear"),
    "former_name_share": _("former names"),
    "ages": _("ages, deaths, loss of ability"),
    "young_years": _("ages, deaths, loss of ability"),
    "cohorts": _("who died, who turned 60"),
    "levels": _("levels of ability"),
    "shares": _("marriage, homes, telephones, documents"),
    "disability": _("disability"),
    "hardship": _("hardship and central care"),
    "assessment": _("assessments and their answers"),
    "network": _("homes, beds, projects and operators"),
}
