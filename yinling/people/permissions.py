"""What may be done to persons."""

from enum import StrEnum


class People(StrEnum):
    """Permissions of the module."""

    SEARCH = "people.search"
    READ = "people.read"
    REVEAL = "people.reveal"
    REGISTER = "people.register"
    EDIT = "people.edit"
    MERGE = "people.merge"
    REGISTER_DEATH = "people.register_death"
    TRANSFER = "people.transfer"
    IMPORT = "people.import"
    EXPORT = "people.export"
    INQUIRE = "people.inquire"  # never with those who keep the files an inquiry may be about
