"""The draw: homes and inspectors by lot, so that anybody can check it afterwards. Pure.

How it goes, in the order of what is published:

1. A secret seed is made and its SHA-256 published (the *commitment*) before the list of homes is closed.
2. The list is closed. Each home lies in the drum with as many *slips* as its internal risk grade weighs. A slip is
   published as the SHA-256 of its content (home, number, nonce, who must not inspect it), so that the list is fixed
   and nobody reads a home's grade off it. One digest over the whole list is published (`list_digest`).
3. A witness says some words. The *lot* is SHA-256 of "seed|list digest|words". The platform knew the seed before the
   list, the witness the list before the words: neither alone can steer the lot.
4. Slips are opened in ascending order of SHA-256("lot|slip") until the wanted number of different homes is reached:
   chances in proportion to slips, without putting back. Only opened slips are published in plain.
5. For each home in that order, inspectors without recusal are ranked by how often they were drawn so far, then by
   SHA-256("lot|home|inspector"); the first ones go.

`verify` replays all of it from a record: the public one, or the whole one that auditors get.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yinling.kernel.reasons import Reason

FORMAT = "yinling-draw-1"


class FaultyRecord(ValueError):
    """The file is no record of a draw."""


@dataclass(frozen=True)
class Slip:
    """One chance of a home. `recused`: inspectors (their numbers in the list) who must not inspect it."""

    home: str
    name: str
    number: int
    nonce: str
    recused: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "home": self.home, "name": self.name, "number": self.number, "nonce": self.nonce,
            "recused": list(self.recused),
        }  # fmt: skip

    @property
    def hash(self) -> str:
        """What is published of a closed slip."""
        return digest(self.data())


@dataclass(frozen=True)
class Pair:
    """A home drawn, and who inspects it."""

    home: str
    name: str
    inspectors: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """One thing that a record was checked for."""

    is_sound: bool
    what: Reason


def sha(text: str) -> str:
    """SHA-256 as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(data: Any) -> str:
    """SHA-256 of canonical JSON: keys sorted, no spaces, UTF-8."""
    return sha(json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def slips_for(home: str, name: str, count: int, recused: Iterable[str], secret: str) -> list[Slip]:
    """The slips of one home. Nonces follow from the draw's own secret, so that they need not be stored."""
    out = tuple(sorted(recused))
    return [Slip(home, name, at, sha(f"{secret}|{home}|{at}")[:32], out) for at in range(1, count + 1)]


def closed_list(
    number: str, commitment: str, slips: Iterable[Slip], inspectors: Sequence[str], wanted: tuple[int, int]
) -> dict[str, Any]:
    """What the list digest covers. `wanted`: how many homes, and inspectors for each."""
    return {
        "number": number, "commitment": commitment, "slips": sorted(slip.hash for slip in slips),
        "inspectors": list(inspectors), "homes_wanted": wanted[0], "inspectors_wanted": wanted[1],
    }  # fmt: skip


def lot_of(seed: str, list_digest: str, words: str) -> str:
    """The number that decides."""
    return sha(f"{seed}|{list_digest}|{words}")


def order_of(lot: str, slips: Iterable[str]) -> list[str]:
    """Hashes of slips in the order in which they are opened."""
    return sorted(slips, key=lambda slip: sha(f"{lot}|{slip}"))


def opened(lot: str, slips: Mapping[str, Slip], homes_wanted: int) -> list[Slip]:
    """The slips that are opened until enough different homes are drawn."""
    found: list[Slip] = []
    homes: set[str] = set()
    for one in order_of(lot, slips):
        if len(homes) == homes_wanted:
            break
        found.append(slips[one])
        homes.add(slips[one].home)
    return found


def pairs_of(lot: str, drawn: Iterable[Slip], inspectors: Sequence[str], inspectors_wanted: int) -> list[Pair]:
    """Who inspects what. Whoever was drawn seldom goes first, so that work is shared."""
    homes: dict[str, Slip] = {}
    for slip in drawn:
        homes.setdefault(slip.home, slip)
    turns = dict.fromkeys(inspectors, 0)
    pairs = []
    for slip in homes.values():
        rank = {one: (turns[one], sha(f"{lot}|{slip.home}|{one}")) for one in inspectors if one not in slip.recused}
        going = tuple(sorted(rank, key=rank.__getitem__)[:inspectors_wanted])
        for one in going:
            turns[one] += 1
        pairs.append(Pair(slip.home, slip.name, going))
    return pairs


def why_not_closed(
    homes: int, homes_wanted: int, inspectors: int, inspectors_wanted: int, without: Sequence[str]
) -> Reason | None:
    """Why a list cannot be closed. `without`: homes that too few inspectors may inspect."""
    if homes < homes_wanted:
        return Reason(
            "{wanted} homes are to be drawn and only {homes} are on the list. Draw fewer.",
            wanted=homes_wanted, homes=homes,
        )  # fmt: skip
    if inspectors < inspectors_wanted:
        return Reason(
            "Each home needs {wanted} inspectors and only {count} are on the list. Add inspectors.",
            wanted=inspectors_wanted, count=inspectors,
        )  # fmt: skip
    if without:
        return Reason(
            "Fewer than {wanted} inspectors may inspect {home}: the others are recused. Add inspectors.",
            wanted=inspectors_wanted, home=without[0],
        )  # fmt: skip
    return None


def record(
    stated: Mapping[str, Any], closed: Mapping[str, Any] | None, revealed: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The record as it is published: what was stated at first, the closed list, what was revealed."""
    return {"format": FORMAT, **stated, "list": closed, "revealed": revealed}


def verify(data: Mapping[str, Any]) -> list[Check]:
    """Replay a record. Raises FaultyRecord when it is none. The first faults explain the later ones."""
    if data.get("format") != FORMAT:
        raise FaultyRecord(f"format {data.get('format')!r} instead of {FORMAT!r}")
    if data.get("list") is None:
        return [Check(True, Reason("Open: the commitment is published, the list is not closed yet."))]
    try:
        checks = [
            Check(digest(data["list"]) == data["list_digest"], Reason("The list is the one that was closed.")),
            Check(data["list"]["commitment"] == data["commitment"], Reason("The list names the commitment.")),
        ]
        if data.get("revealed") is None:
            return [*checks, Check(True, Reason("Closed: the list is published, the seed is not revealed yet."))]
        return checks + _replayed(data)
    except (KeyError, TypeError, AttributeError) as fault:
        raise FaultyRecord(f"missing or misspelt: {fault}") from None


def _replayed(data: Mapping[str, Any]) -> list[Check]:
    closed, shown = data["list"], data["revealed"]
    slips = [Slip(s["home"], s["name"], s["number"], s["nonce"], tuple(s["recused"])) for s in shown["opened"]]
    lot = lot_of(shown["seed"], data["list_digest"], shown["words"])
    known = {slip.hash: slip for slip in slips}
    first = _first(lot, closed, known)
    pairs = pairs_of(lot, first, closed["inspectors"], closed["inspectors_wanted"])
    told = [Pair(p["home"], p["name"], tuple(p["inspectors"])) for p in shown["result"]]
    checks = [
        Check(sha(shown["seed"]) == data["commitment"], Reason("The seed is the one committed to beforehand.")),
        Check(set(known) <= set(closed["slips"]), Reason("Every opened slip lay in the drum.")),
        Check(
            len({slip.home for slip in first}) == closed["homes_wanted"],
            Reason("The slips opened are those that come first."),
        ),
        Check(pairs == told, Reason("Homes and inspectors are those that the lot gives.")),
    ]
    return checks + ([_weighed(shown, closed, slips)] if "weights" in shown else [])


def _first(lot: str, closed: Mapping[str, Any], known: Mapping[str, Slip]) -> list[Slip]:
    """Slips in the order of the lot until enough homes are drawn, or one is met that the record does not open."""
    found: list[Slip] = []
    for one in order_of(lot, closed["slips"]):
        if one not in known or len({slip.home for slip in found}) == closed["homes_wanted"]:
            break
        found.append(known[one])
    return found


def _weighed(shown: Mapping[str, Any], closed: Mapping[str, Any], slips: Sequence[Slip]) -> Check:
    """Whole records only: all slips are there, and each home has as many as its grade weighs."""
    counted: dict[str, int] = {}
    for slip in slips:
        counted[slip.home] = counted.get(slip.home, 0) + 1
    is_whole = len(slips) == len(closed["slips"]) and counted == shown["weights"]
    return Check(is_whole, Reason("Whole record: each home has as many slips as its grade weighs."))
