"""Rules come from packs. A corrected reading supersedes; alerts keep the reading they were raised by."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yinling.engines.signals.faults import FaultyRule
from yinling.engines.signals.parsing import rule_from
from yinling.engines.signals.rules import Rule as DeviceRule
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.readings import Difference, Reading, difference, digest_of
from yinling.supervision import rules
from yinling.supervision.events import RuleLoaded
from yinling.supervision.models import Rule

OWN_WORDS = ("authority", "owner", "over", "settings")  # ours; the engine knows the others
ADDRESSEES = {"duty", "manager", "village", "township", "county", "city"}
REGISTER_WORDS = {"key", "version", "title", "family", "scope", "levels", "source", "verified", "held_back_by"}


def device_rule(data: Mapping[str, Any]) -> DeviceRule:
    """The engine's rule in a pack's entry. Raises FaultyRule."""
    return rule_from(engine_words(data))


def engine_words(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of a pack's entry the engine reads."""
    return {word: value for word, value in data.items() if word not in OWN_WORDS}


def rule_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading a file of rules would change; empty when it stands there already. Raises Refused with the faults."""
    held = _held()
    return [_difference(row, held.get(row.key)) for row in _rows(data, file, pack) if _is_news(row, held)]


@transaction.atomic
def load_rules(data: Mapping[str, Any], *, file: str, pack: str, by: Actor, layer: int = 0) -> list[Difference]:
    """Load a file of rules. Again changes nothing. A city's file replaces a rule by its key."""
    held, done = _held(), []
    for row in _rows(data, file, pack):
        if not _is_news(row, held):
            continue
        done.append(_difference(row, held.get(row.key)))
        Rule.objects.current().filter(key=row.key).update(superseded_at=now())
        row.save(force_insert=True)
        record(RuleLoaded(row.uid, key=row.key, version_of_rule=row.version), by=by, content=row.data)
    return done


def _held() -> dict[str, Rule]:
    return {row.key: row for row in Rule.objects.current()}


def _is_news(row: Rule, held: Mapping[str, Rule]) -> bool:
    known = held.get(row.key)
    return known is None or known.digest != row.digest


def _difference(row: Rule, known: Rule | None) -> Difference:
    return difference(str(row), _reading(known) if known else None, _reading(row))


def _reading(row: Rule) -> Reading:
    return Reading({"value": f"{row.title.zh} {row.digest[:8]}"}, civil_date(row.recorded_at), None, row.verified)


def _rows(given: Mapping[str, Any], file: str, pack: str) -> list[Rule]:
    """The rows that a file makes, unsaved. Raises Refused naming every fault."""
    data = json.loads(json.dumps(given, default=str))
    try:
        return [_row(entry, pack) for entry in data["rules"]]
    except (FaultyRule, KeyError, TypeError, ValueError) as fault:
        raise Refused("{file} cannot be read: {fault}.", file=file, fault=str(fault)) from None


def _row(entry: dict[str, Any], pack: str) -> Rule:
    over = entry.get("over", Rule.Over.DEVICES)
    if over == Rule.Over.DEVICES:
        device_rule(entry)
    else:
        _check_register_rule(entry)
    told = {who for level in entry["levels"].values() for who in level.get("addressees", ())}
    if told - ADDRESSEES:
        raise FaultyRule(f"{entry['key']}: unknown addressees {', '.join(sorted(told - ADDRESSEES))}")
    return Rule(
        key=entry["key"], version=entry["version"], over=over, family=entry.get("family", "other"),
        scope=entry["scope"], data=entry, digest=digest_of(entry),
        verified=entry["verified"] is True, is_own=entry.get("authority") == "operator", pack=pack,
    )  # fmt: skip


def _check_register_rule(entry: Mapping[str, Any]) -> None:
    """A rule over facts on file has the same words as one over devices, without conditions."""
    unknown = set(entry) - REGISTER_WORDS - set(OWN_WORDS)
    missing = (REGISTER_WORDS - {"held_back_by"}) - set(entry)
    if unknown or missing:
        raise FaultyRule(f"{entry.get('key', '?')}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    if not entry["levels"] or set(entry["levels"]) - set(rules.LEVELS):
        raise FaultyRule(f"{entry['key']}: levels are {', '.join(rules.LEVELS)}")
    if rules.is_never_suppressed(entry["family"]):
        raise FaultyRule(f"{entry['key']}: smoke, gas, SOS and falls come from devices")
