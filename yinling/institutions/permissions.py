"""What may be done to institutions."""

from enum import StrEnum


class Institutions(StrEnum):
    """Permissions of the module."""

    READ = "institutions.read"
    EDIT = "institutions.edit"  # register and change institutions, licences, staff
    BEDS = "institutions.beds"  # rooms and beds, and their state
    APPLY = "institutions.apply"  # enter an application for admission
    REVIEW = "institutions.review"  # decide an application, put it on the waiting list
    ADMIT = "institutions.admit"  # admit, move, discharge, leave and return
    BILL = "institutions.bill"  # prepayments, deposits, charges, refunds
    IMPORT = "institutions.import"
    EXPORT = "institutions.export"
