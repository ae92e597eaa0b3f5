"""What may be done about volunteers and the time bank."""

from enum import StrEnum


class Volunteers(StrEnum):
    """Permissions of the module. Members see and move their own hours without any of them."""

    READ = "volunteers.read"  # open branches, members, requests and orders of one's divisions
    REGISTER = "volunteers.register"  # enter members, applications, checks, trainings, insurance, honours
    ACCEPT = "volunteers.accept"  # accept, suspend and end volunteers; open and close branches
    ACT = "volunteers.act"  # act for members: ask, agree, confirm, give; each act leaves a receipt
    SETTLE = "volunteers.settle"  # settle disputes and estates
    GRANT = "volunteers.grant"  # fill the grant pot and grant hours
    ADJUST = "volunteers.adjust"  # correct a balance with a reason, take postings back
    EXPORT = "volunteers.export"  # take lists out
