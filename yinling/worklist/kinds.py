"""The registry of kinds of duty: their words, icon and batch action. `config/wiring.py` fills it at start."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A sort of duty. `title`, `batch_label`: English msgids. `batch_url_name`: the owner's URL that several
    duties of this kind are posted to at once (fields `subject`, one uid each). `closes_by_hand`: whether the list
    itself may close it; otherwise only its owner does."""

    key: str
    title: str
    icon: str = "clipboard-check"
    batch_url_name: str = ""
    batch_label: str = ""
    closes_by_hand: bool = True


_kinds: dict[str, Kind] = {}


def offer(*kinds: Kind) -> None:
    """Make kinds known."""
    _kinds.update({kind.key: kind for kind in kinds})


def kind(key: str) -> Kind:
    """A kind by its key; one that nobody described shows its key."""
    return _kinds.get(key) or Kind(key, key)
