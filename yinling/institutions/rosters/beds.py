"""The list of beds: each row states one bed of a home on file."""

from django.utils.translation import gettext_noop as _

from yinling.institutions.models import Bed
from yinling.institutions.permissions import Institutions
from yinling.institutions.rosters.rows import Row, code_of, taker
from yinling.institutions.services import BedLot, add_beds
from yinling.kernel.errors import Refused
from yinling.spreadsheets.outcomes import OutcomeKind
from yinling.spreadsheets.registers import Register
from yinling.spreadsheets.rules.fields import Field, Kind

FIELDS = (
    Field("home", "机构名称", "Institution", Kind.TEXT, ("所在机构", "养老机构名称", "单位名称"), is_required=True),
    Field("building", "楼栋", "Building", Kind.TEXT, ("楼", "楼号", "幢")),
    Field("floor", "楼层", "Floor", Kind.INTEGER, ("层", "层数")),
    Field("room", "房间号", "Room", Kind.TEXT, ("房号", "房间"), is_required=True),
    Field("label", "床位号", "Bed", Kind.TEXT, ("床号", "床位"), is_required=True),
    Field("kind", "床位类型", "Bed kind", Kind.TEXT, ("类型", "床位性质")),
    Field("on", "启用日期", "Set up on", Kind.DATE, ("设置日期", "投入使用日期")),
)


def _take(row: Row) -> tuple[OutcomeKind, str, tuple[str, ...]]:
    home = row.finder.known_home(row.get("home"))
    kind = code_of("bed_kind", row.get("kind")) if row.get("kind") else "ordinary"
    if not kind:
        raise Refused("{word} is no kind of bed we know.", word=row.get("kind"))
    lot = BedLot(row.get("building") or "1号楼", row.get("floor") or 1, row.get("room"), row.get("label"), kind)
    made = add_beds(uid=home.uid, lots=[lot], by=row.context.by, on=row.day("on"))
    if made:
        return OutcomeKind.CREATED, str(made[0].uid), ()
    there = Bed.objects.get(
        institution=home, room__floor__building__name=lot.building, room__floor__number=lot.floor,
        room__number=lot.room, label=lot.label,
    )  # fmt: skip
    if there.kind != kind:
        raise Refused("This bed is on file as another kind. Change the kind on its page.")
    return OutcomeKind.UNCHANGED, str(there.uid), ()


BEDS = Register(
    key="beds",
    title=_("Beds"),
    help=_("One row per bed: home, room, bed. Beds on file stay as they are."),
    fields=FIELDS,
    permission=Institutions.IMPORT,
    take=taker(_take),
)
