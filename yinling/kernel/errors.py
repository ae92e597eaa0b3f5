"""What a service raises when it says no. Bugs raise ordinary exceptions; these are answers."""

from typing import Any

from yinling.kernel.reasons import Reason


class Refused(Exception):
    """A rule says no. Carries the sentence that tells the person what happened, the limit and the next step.

    `Refused("You are {age}; the limit is {limit}.", age=59, limit=60)` or `Refused(reason)`.
    `field` names the form field the refusal belongs to, when there is one.
    """

    def __init__(self, reason: Reason | str, field: str = "", **values: Any) -> None:
        self.reason = reason if isinstance(reason, Reason) else Reason(reason, **values)
        self.field = field
        super().__init__(str(self.reason))


class NotAllowed(Refused):
    """The actor's roles do not include this permission here. Says who may."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(Reason("Your roles do not allow this here. Ask the security administrator who may."))


class NotFound(Refused):
    """Nothing such exists, or it is not the actor's to see: both read alike on purpose."""

    def __init__(self, what: str = "record") -> None:
        super().__init__(Reason("Nothing found under this number, or it does not belong to your divisions.", what=what))
