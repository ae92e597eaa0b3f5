"""The staff list: each row states somebody who works in a home on file."""

from django.utils.translation import gettext_noop as _

from yinling.engines.codes.resident_id import read_resident_id
from yinling.institutions.models import Certificate, Institution, Staff
from yinling.institutions.permissions import Institutions
from yinling.institutions.rosters.rows import Row, code_of, taker
from yinling.institutions.services import add_certificate, hire
from yinling.institutions.services.staffing import DOCUMENT, Paper
from yinling.kernel import crypto
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.spreadsheets.outcomes import OutcomeKind
from yinling.spreadsheets.registers import Register
from yinling.spreadsheets.rules.fields import Field, Kind

FIELDS = (
    Field("name", "姓名", "Name", Kind.NAME, ("职工姓名", "员工姓名"), is_required=True),
    Field("sex", "性别", "Sex", Kind.SEX),
    Field("document_number", "身份证号码", "Document number", Kind.ID_NUMBER, ("身份证号", "身份证", "证件号码")),
    Field("phone", "联系电话", "Telephone", Kind.PHONES, ("电话", "手机")),
    Field("home", "所在机构", "Institution", Kind.TEXT, ("机构名称", "工作单位", "单位"), is_required=True),
    Field("post", "岗位", "Post", Kind.TEXT, ("职务", "工种"), is_required=True),
    Field("grade", "护理员等级", "Carer's grade", Kind.TEXT, ("等级", "技能等级")),
    Field("hired_on", "入职日期", "Hired on", Kind.DATE, ("入职时间", "到岗日期")),
    Field("health_until", "健康证有效期至", "Health certificate until", Kind.DATE, ("健康证到期", "健康证有效期")),
)
GRADES = {"一级": 1, "二级": 2, "三级": 3, "四级": 4, "五级": 5, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
SEXES = {"male": "1", "female": "2"}


def _take(row: Row) -> tuple[OutcomeKind, str, tuple[str, ...]]:
    home = row.finder.known_home(row.get("home"))
    number, post = _number(row), code_of("staff_post", row.get("post"))
    if not post:
        raise Refused("{word} is no post we know.", word=row.get("post"))
    papers = _papers(row, post)
    known = _known(home, row.get("name"), number)
    if known is None:
        phones: tuple[str, ...] = row.get("phone") or ()
        made = hire(
            uid=home.uid, name=row.get("name"), post=post, sex=SEXES.get(row.get("sex") or "", "0"),
            document_number=number, phone=phones[0] if phones else "", hired_on=row.day("hired_on"),
            certificates=papers, by=row.context.by,
        )  # fmt: skip
        return OutcomeKind.CREATED, str(made.uid), ()
    changed = [paper for paper in papers if not _is_held(known, paper)]
    for paper in changed:
        add_certificate(staff_uid=known.uid, paper=paper, by=row.context.by)
    kind = OutcomeKind.UPDATED if changed else OutcomeKind.UNCHANGED
    return kind, str(known.uid), tuple(paper.kind for paper in changed)


def _number(row: Row) -> str:
    text = row.get("document_number") or ""
    if not text:
        return ""
    found = read_resident_id(text, on=row.context.today)
    if isinstance(found, Reason):
        raise Refused(found)
    return found.number


def _papers(row: Row, post: str) -> tuple[Paper, ...]:
    found = []
    grade = GRADES.get((row.get("grade") or "").strip())
    if grade is not None and post == "carer":
        found.append(Paper("carer", grade=grade))
    if (until := row.day("health_until")) is not None:
        found.append(Paper("health", expires_on=until))
    return tuple(found)


def _known(home: Institution, name: str, number: str) -> Staff | None:
    """Who already works here: by document, else by name when no document is known on either side."""
    present = Staff.objects.filter(institution=home, left_on__isnull=True)
    if number:
        found = present.filter(document_index__in=crypto.blinds(DOCUMENT, number)).first()
        return found or present.filter(name=name, document_index=b"").first()
    return present.filter(name=name).first()


def _is_held(staff: Staff, paper: Paper) -> bool:
    held = Certificate.objects.current().filter(staff=staff, kind=paper.kind).first()
    if held is None:
        return False
    return (held.grade, held.expires_on) == (paper.grade or held.grade, paper.expires_on or held.expires_on)


STAFF = Register(
    key="staff",
    title=_("Staff of institutions"),
    help=_("One row per person: name, home, post, certificates. The same file again changes nothing."),
    fields=FIELDS,
    permission=Institutions.IMPORT,
    take=taker(_take),
)
