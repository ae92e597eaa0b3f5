"""What comes along when a division changes: how many persons and homes lie in it, and where their lists are.

Those registers stand on floors above; `config/wiring.py` offers them here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from yinling.kernel.actors import Actor, KeyRange


@dataclass(frozen=True)
class Register:
    """What lies in divisions. `count`: how many rows in these key ranges; `list_url_name` takes `?place=<key>`.

    `permission`: who may open the list; the number alone is shown to whoever may change divisions.
    """

    title: Any
    count: Callable[[Sequence[KeyRange]], int]
    list_url_name: str
    permission: str
    icon: str = "list"


_registers: list[Register] = []


def offer(*registers: Register) -> None:
    """Have these counted and linked."""
    _registers.extend(one for one in registers if one not in _registers)


def counts_in(ranges: Sequence[KeyRange]) -> list[tuple[Any, int]]:
    """(title, how many) of every register in these ranges. One statement each."""
    return [(register.title, register.count(ranges)) for register in _registers]


def lists_of(key: int, by: Actor) -> list[tuple[Any, str, str]]:
    """(title, address, icon) of the lists of what lies in a division, where the actor sees people or homes there."""
    if not any(low <= key <= high for low, high in by.key_ranges()):
        return []
    return [
        (one.title, f"{reverse(one.list_url_name)}?place={key}", one.icon)
        for one in _registers
        if by.may(one.permission)
    ]
