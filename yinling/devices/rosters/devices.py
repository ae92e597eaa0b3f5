"""The list of devices: model, maker, serial number; a home with room and bed, or the person whose home it is."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.devices.models import Device, Profile
from yinling.devices.permissions import Devices
from yinling.devices.services import Facts, Spot, place_device, register_device
from yinling.institutions.models import Bed, Institution, Room
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.people.models import Person
from yinling.people.queries import Filters, find_persons
from yinling.places.queries import tree
from yinling.reference.queries import entries
from yinling.spreadsheets.outcomes import Outcome, OutcomeKind
from yinling.spreadsheets.registers import Context, Register
from yinling.spreadsheets.rules.columns import CleanBatch
from yinling.spreadsheets.rules.fields import Field, Kind, Level, LooseDate

FIELDS = (
    Field("profile", "设备型号", "Model", Kind.TEXT, ("设备类别", "设备名称", "类别", "型号"), is_required=True),
    Field("maker", "厂家", "Maker", Kind.TEXT, ("生产厂家", "品牌", "厂商")),
    Field("serial", "序列号", "Serial number", Kind.TEXT, ("设备编号", "SN", "出厂编号", "IMEI"), is_required=True),
    Field("home", "机构名称", "Institution", Kind.TEXT, ("所在机构", "养老机构名称", "单位名称")),
    Field("room", "房间号", "Room", Kind.TEXT, ("房号", "房间")),
    Field("label", "床位号", "Bed", Kind.TEXT, ("床号", "床位")),
    Field("document_number", "身份证号码", "Document number", Kind.ID_NUMBER, ("身份证号", "身份证", "老人身份证号码")),
    Field("spot", "安装位置", "Spot", Kind.TEXT, ("位置", "安装地点", "部位")),
    Field("bought_on", "购置日期", "Bought on", Kind.DATE, ("采购日期", "购买日期", "启用日期")),
)
Taken = tuple[OutcomeKind, str, tuple[str, ...]]
Get = Callable[[str], Any]


def take(batch: CleanBatch, context: Context) -> list[Outcome]:
    """One outcome per row; a refused row leaves nothing behind."""
    words = _Words()
    return [_outcome(batch, number, context, words) for number in range(len(batch.row_numbers))]


class _Words:
    """Models and spots by what clerks call them."""

    def __init__(self) -> None:
        profiles = list(Profile.objects.order_by("id"))
        kinds = {entry.code: entry.zh for entry in entries("device_kind")}
        self.profiles = {kinds.get(one.kind, ""): one.key for one in reversed(profiles)}
        self.profiles |= {name: one.key for one in profiles for name in (one.zh, one.en, one.key)}
        self.spots = {entry.zh: entry.code for entry in entries("device_spot")}

    def profile(self, text: str) -> str:
        """The key of the model meant. Raises Refused."""
        word = text.strip()
        near = [key for name, key in self.profiles.items() if name and (name in word or word in name)]
        found = self.profiles.get(word) or (near[0] if len(set(near)) == 1 else "")
        if not found:
            raise Refused("{word} is no model of device we know. Write it as the list of models does.", word=word)
        return found

    def spot(self, text: str | None) -> tuple[str, str]:
        """The code of the spot and what else was written. Words we do not know stay as words."""
        word = (text or "").strip()
        code = next((code for zh, code in self.spots.items() if zh and zh.split("（")[0] in word), "")
        return code or ("other" if word else ""), word if word not in self.spots else ""


def _outcome(batch: CleanBatch, number: int, context: Context, words: _Words) -> Outcome:
    found = [finding for _key, finding in batch.findings.get(number, [])]

    def get(key: str) -> Any:
        column = batch.columns.get(key)
        return column[number] if column else None

    def closed(kind: OutcomeKind, notes: list[Any], subject: str = "", changed: tuple[str, ...] = ()) -> Outcome:
        reasons, steps = tuple(one.reason for one in notes), tuple(one.next_step for one in notes)
        return Outcome(context.sheet, batch.row_numbers[number], kind, "", subject, changed, reasons, steps)

    if refusals := [one for one in found if one.level is Level.REFUSE]:
        return closed(OutcomeKind.REFUSED, refusals)
    try:
        with transaction.atomic():
            kind, subject, changed = _take(get, context, words)
    except Refused as no:
        step = Reason("Correct the row and upload the file again.")
        row = batch.row_numbers[number]
        return Outcome(context.sheet, row, OutcomeKind.REFUSED, "", "", (), (no.reason,), (step,))
    return closed(kind, found, subject, changed)


def _take(get: Get, context: Context, words: _Words) -> Taken:
    profile = words.profile(get("profile"))
    spot = _spot(get, context, words)
    serial = "".join(get("serial").split()).upper()
    maker = " ".join((get("maker") or "").split())
    held = Device.objects.visible_to(context.by).filter(maker=maker, serial=serial).first()
    if held is not None:
        return _again(held, spot, context)
    place = spot.key if spot else context.place_key
    if not place:
        raise Refused("The row names neither a home nor a person. Choose the division that stores it when uploading.")
    facts = Facts(maker=maker, serial=serial, bought_on=_day(get("bought_on")))
    made = register_device(profile_key=profile, place_key=place, facts=facts, by=context.by)
    if spot is not None:
        place_device(uid=made.uid, spot=spot, by=context.by)
    return OutcomeKind.CREATED, str(made.uid), ()


def _again(held: Device, spot: Spot | None, context: Context) -> Taken:
    """A device on file: it moves when the row says so, and stays when the row says what is known."""
    if spot is None:
        return OutcomeKind.UNCHANGED, str(held.uid), ()
    now_at = (held.institution_id, held.room_id, held.bed_id, held.person_id)
    asked = tuple(one.pk if one else None for one in (spot.institution, spot.room, spot.bed, spot.person))
    if now_at == asked:
        return OutcomeKind.UNCHANGED, str(held.uid), ()
    place_device(uid=held.uid, spot=spot, by=context.by)
    return OutcomeKind.UPDATED, str(held.uid), ("home",)


def _spot(get: Get, context: Context, words: _Words) -> Spot | None:
    """Where the row says the device stands; None when it says nothing. Raises Refused."""
    code, rest = words.spot(get("spot"))
    person = _person(get("document_number"), context) if get("document_number") else None
    if not get("home"):
        return Spot(person=person, spot=code, words=rest[:60]) if person else None
    home = _home(get("home"), context)
    room = _room(home, get("room")) if get("room") else None
    bed = Bed.objects.filter(room=room, label=get("label")).first() if room and get("label") else None
    if get("label") and bed is None:
        raise Refused("No bed called {bed} stands in that room. Import the beds first.", bed=get("label"))
    return Spot(home, room, bed, person, spot=code, words=rest[:60])


def _home(name: str, context: Context) -> Institution:
    found = Institution.objects.visible_to(context.by).filter(name=name.strip(), closed_on__isnull=True)
    homes = list(found[:20])
    near = [one for one in homes if context.place_key and context.place_key in tree().lines.get(one.place_key, ())]
    chosen = near or homes
    if len(chosen) != 1:
        raise Refused("{count} institutions of your divisions are called {name}.", count=len(chosen), name=name)
    return chosen[0]


def _room(home: Institution, number: str) -> Room:
    rooms = list(Room.objects.filter(floor__building__institution=home, number=number.strip())[:2])
    if len(rooms) != 1:
        raise Refused("{count} rooms of this institution have the number {room}.", count=len(rooms), room=number)
    return rooms[0]


def _person(number: Any, context: Context) -> Person:
    text = str(getattr(number, "number", number))
    found = find_persons(Filters(text=text), by=context.by).persons
    if len(found) != 1:
        raise Refused("Nobody in your divisions has this document number on file. Register the person first.")
    return found[0]


def _day(found: LooseDate | None) -> dt.date | None:
    if found is None or found.is_lunar:
        return None
    return dt.date(found.year, found.month or 1, found.day or 1)


DEVICES = Register(
    key="devices",
    title=_("Devices"),
    help=_("One row per device: model, maker, serial number; the home with room and bed, or the person's ID."),
    fields=FIELDS,
    permission=Devices.IMPORT,
    take=take,
    batch_rows=50,
)
