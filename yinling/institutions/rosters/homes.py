"""The list of institutions: each row states a home."""

from django.utils.translation import gettext_noop as _

from yinling.institutions.permissions import Institutions
from yinling.institutions.rosters.rows import Row, code_of, taker
from yinling.institutions.services import Facts, change_institution, register_institution
from yinling.kernel.errors import Refused
from yinling.organisations.models import Organisation
from yinling.organisations.queries import by_uscc
from yinling.organisations.services import Details, register_organisation
from yinling.spreadsheets.outcomes import OutcomeKind
from yinling.spreadsheets.registers import Register
from yinling.spreadsheets.rules.fields import Field, Kind

FIELDS = (
    Field("name", "机构名称", "Institution", Kind.TEXT, ("名称", "养老机构名称", "单位名称"), is_required=True),
    Field("uscc", "统一社会信用代码", "Credit code", Kind.TEXT, ("信用代码", "社会信用代码", "机构代码")),
    Field("operator_model", "运营方式", "Operator model", Kind.TEXT, ("运营模式", "性质", "机构性质")),
    Field("village", "所在村（社区）", "Village", Kind.TEXT, ("所在村", "村（社区）", "社区", "所在地", "地址所在村")),
    Field("opened_on", "开办日期", "Opened on", Kind.DATE, ("开业日期", "成立日期", "运营日期")),
    Field("beds", "床位数", "Beds", Kind.INTEGER, ("床位总数", "核定床位")),
    Field("nursing_beds", "护理型床位数", "Nursing beds", Kind.INTEGER, ("护理床位", "护理型床位")),
    Field("phone", "机构电话", "Telephone", Kind.PHONES, ("电话", "联系电话")),
    Field("kind", "机构类型", "Kind", Kind.TEXT, ("类型", "机构类别")),
)
BY_NAME = (("失能失智老年人照护中心", "city_centre"), ("集中照护中心", "county_centre"), ("区域性", "regional_home"),
           ("敬老院", "regional_home"), ("日间照料", "day_centre"), ("互助", "village_point"))  # fmt: skip


def _take(row: Row) -> tuple[OutcomeKind, str, tuple[str, ...]]:
    name = row.get("name")
    home = row.finder.home(name)
    if home is None:
        place = row.finder.place(row.get("village") or "")
        made = register_institution(
            place_key=place, facts=_facts(row, name, _organisation(row, place)), by=row.context.by
        )
        row.finder.remember(made)
        return OutcomeKind.CREATED, str(made.uid), ()
    given = _facts(row, name, home.organisation or _organisation(row, home.place_key))
    changed = tuple(
        sorted(key for key, value in given.given().items() if getattr(home, key) != value and key != "kind")
    )
    if not changed:
        return OutcomeKind.UNCHANGED, str(home.uid), ()
    kept = Facts(**{key: value for key, value in given.given().items() if key in changed})
    change_institution(uid=home.uid, facts=kept, by=row.context.by)
    return OutcomeKind.UPDATED, str(home.uid), changed


def _organisation(row: Row, place: int) -> Organisation | None:
    """The legal person behind the row, entered when it is new. Raises Refused for a wrong code."""
    code = (row.get("uscc") or "").replace(" ", "").upper()
    if not code:
        return None
    known = by_uscc(code)
    if known is not None:
        return known
    return register_organisation(place_key=place, details=Details(name=row.get("name"), uscc=code), by=row.context.by)


def _facts(row: Row, name: str, organisation: Organisation | None) -> Facts:
    phones: tuple[str, ...] = row.get("phone") or ()
    model = code_of("operator_model", row.get("operator_model"))
    if row.get("operator_model") and not model:
        raise Refused("{word} is no operator model we know.", word=row.get("operator_model"))
    kind = code_of("institution_kind", row.get("kind")) if row.get("kind") else ""
    return Facts(
        name=name, kind=kind or next((code for word, code in BY_NAME if word in name), "home"),
        operator_model=model or None, phone=phones[0] if phones else None, opened_on=row.day("opened_on"),
        organisation=organisation,
    )  # fmt: skip


INSTITUTIONS = Register(
    key="institutions",
    title=_("Institutions"),
    help=_("One row per home: name, credit code, village. Beds come with the list of beds, room by room."),
    fields=FIELDS,
    permission=Institutions.IMPORT,
    take=taker(_take),
)
