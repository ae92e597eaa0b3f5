"""What may be done to the register of organisations."""

from enum import StrEnum


class Organisations(StrEnum):
    """Permissions of the module."""

    READ = "organisations.read"  # all staff, within their divisions
    EDIT = "organisations.edit"  # county and township clerks, city officer: register, change, close, give roles
    MERGE = "organisations.merge"  # county clerk, city officer
    REVEAL = "organisations.reveal"  # whoever must telephone
    EXPORT = "organisations.export"  # county and township clerks, city officer
