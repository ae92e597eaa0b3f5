"""Decisions about institutions: who may come in first, when a bed is free, what is due. Pure.

Admission to public homes. The destitute come first (特困人员供养服务机构管理办法: homes for the destitute
exist for them); the order of the rest is the programme's own proposal and refuses nobody.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from yinling.kernel.reasons import Reason, Words

OLD = 60
DEPENDENT, HEAVILY = 1, 3  # GB/T 42195 levels: 0 able, 1 slight, 2 medium, 3 heavy, 4 complete loss
OVER_80 = 80


def age_on(born: dt.date, day: dt.date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class Applicant:
    """What decides the class: age in years (None: unknown), categories, level of need (None: not assessed)."""

    age: int | None
    categories: frozenset[str]
    level: int | None
    is_alone: bool = False


@dataclass(frozen=True)
class AdmissionClass:
    """1 comes before 2. `reasons` say why; `doubts` what somebody should look at."""

    priority: int
    reasons: tuple[Reason, ...]
    doubts: tuple[Reason, ...] = ()


def admission_class(applicant: Applicant, is_public: bool) -> AdmissionClass:
    """Which class an application falls into. Private homes know no classes: everybody is in 4."""
    doubts = _doubts(applicant)
    if not is_public:
        return AdmissionClass(4, (Reason("Private homes admit in the order of acceptance."),), doubts)
    if "destitute" in applicant.categories:
        return AdmissionClass(1, (Reason("Destitute persons come first in public homes."),), doubts)
    needs_care = applicant.level is not None and applicant.level >= DEPENDENT
    if applicant.categories & {"low_income", "low_income_edge", "disabled", "special_family_planning"} and needs_care:
        return AdmissionClass(
            2, (Reason("In hardship and in need of care (level {level}).", level=applicant.level),), doubts
        )
    if applicant.level is not None and applicant.level >= HEAVILY:
        return AdmissionClass(3, (Reason("Heavily dependent (level {level}).", level=applicant.level),), doubts)
    if applicant.age is not None and applicant.age >= OVER_80 and applicant.is_alone:
        return AdmissionClass(3, (Reason("{age} years old and living alone.", age=applicant.age),), doubts)
    return AdmissionClass(4, (Reason("Admitted when beds are left after classes 1 to 3."),), doubts)


def _doubts(applicant: Applicant) -> tuple[Reason, ...]:
    found = []
    if applicant.level is None:
        found.append(Reason("No valid assessment is on file. Have the person assessed before admission."))
    if applicant.age is None:
        found.append(Reason("The birth date is not known. Check the identity card."))
    elif applicant.age < OLD and not applicant.categories & {"destitute", "disabled"}:
        found.append(
            Reason("{age} years old; homes for the old usually admit from {limit}.", age=applicant.age, limit=OLD)
        )
    return tuple(found)


def why_not_applied(*, is_dead: bool, is_resident: bool, is_home: bool, is_closed: bool) -> Reason | None:
    """Why nobody can apply for this person here; None when they can."""
    if is_dead:
        return Reason("The person is registered as dead. If that is a mistake, have the death taken back first.")
    if is_resident:
        return Reason("The person lives in a home already. Use a transfer between homes instead.")
    if is_closed:
        return Reason("This institution is closed. Choose another one.")
    if not is_home:
        return Reason("This institution has no beds for living in. Choose a home.")
    return None


def why_not_decided(state: str, decision: str, reason: str) -> Reason | None:
    """Why an application cannot be decided now."""
    if state not in ("submitted", "waiting"):
        return Reason("This application was decided already. Open a new one.")
    if decision != "waiting" and not reason.strip():
        return Reason("Say why, so that the family can be told.")
    return None


@dataclass(frozen=True)
class Admission:
    """What an admission is decided by. `bed_kinds` of what was asked and what is given."""

    state: str
    is_dead: bool
    is_resident: bool
    at: dt.datetime
    now: dt.datetime
    has_assessment: bool
    assessment_required: bool  # by a verified rule


def why_not_admitted(given: Admission) -> Reason | None:
    """Why the person cannot move in; None when they can."""
    if given.is_dead:
        return Reason("The person is registered as dead. If that is a mistake, have the death taken back first.")
    if given.is_resident:
        return Reason("The person lives in a home already. Use a transfer between homes instead.")
    if given.state != "waiting":
        return Reason("Only accepted applications lead to admission. Have this one reviewed first.")
    if given.at > given.now:
        return Reason("Admission is recorded when the person has arrived, not before.")
    if given.assessment_required and not given.has_assessment:
        return Reason("No valid assessment is on file. Have the person assessed before admission.")
    return None


def admission_warnings(given: Admission) -> tuple[Reason, ...]:
    """What somebody should settle after admission."""
    if given.has_assessment or given.assessment_required:
        return ()
    return (Reason("Admitted without a valid assessment. Plan one in the first days."),)


def why_no_bed(home: str, kind: Words, usable: int, held: int) -> Reason:
    """No bed is free: figures and the next step."""
    return Reason(
        "No usable bed ({kind}) is free in {home}: {held} of {usable} are held. "
        "The application stays on the waiting list.",
        kind=kind, home=home, held=held, usable=usable,
    )  # fmt: skip


def why_not_this_bed(*, is_same_home: bool, is_usable: bool, is_held: bool, bed: str) -> Reason | None:
    """Why a bed that somebody chose cannot be had."""
    if not is_same_home:
        return Reason("Bed {bed} belongs to another institution. Choose one of this home.", bed=bed)
    if not is_usable:
        return Reason("Bed {bed} is not usable. Choose another one, or set it usable first.", bed=bed)
    if is_held:
        return Reason("Bed {bed} is held by somebody else. Choose a free one.", bed=bed)
    return None


def why_not_left(admitted_at: dt.datetime, since: dt.datetime, left_at: dt.datetime, now: dt.datetime) -> Reason | None:
    """Why leaving cannot be recorded at this instant. `since`: when the present bed was taken."""
    if left_at > now:
        return Reason(
            "Leaving on {left_at} lies ahead. The bed stays theirs until they have left: record it then.",
            left_at=left_at,
        )
    if left_at <= admitted_at:
        return Reason("Leaving must come after admission on {admitted_at}. Correct the time.", admitted_at=admitted_at)
    if left_at <= since:
        return Reason("The resident took the present bed on {since}. Leaving comes after that.", since=since)
    return None


def why_not_out(is_out: bool, out_at: dt.datetime, due_back: dt.datetime, now: dt.datetime) -> Reason | None:
    """Why a leave cannot be written."""
    if is_out:
        return Reason("The resident is out already. Record the return first.")
    if out_at > now + dt.timedelta(days=7):
        return Reason("A slip is written at most seven days ahead.")
    if due_back <= out_at:
        return Reason("The return must come after going out. Correct the times.")
    return None


def why_state_not_set(*, is_known: bool, state: str, is_held: bool, since: dt.date, on: dt.date) -> Reason | None:
    """Why a bed cannot change its state."""
    if not is_known:
        return Reason("{state} is no state of a bed. Choose usable, under repair or closed.", state=state)
    if is_held and state != "usable":
        return Reason("Somebody holds this bed. Move or discharge them first.")
    if on < since:
        return Reason("The present state holds since {since}; a new one cannot begin before it.", since=since)
    return None


def fee_for_month(fee_fen: int, month: dt.date, admitted_on: dt.date, left_on: dt.date | None) -> int:
    """A month's fee in fen, by days lived there (the day of leaving does not count), rounded down."""
    days = calendar.monthrange(month.year, month.month)[1]
    first = month.replace(day=1)
    after = first + dt.timedelta(days=days)
    begins, ends = max(first, admitted_on), min(after, left_on or after)
    return fee_fen * max((ends - begins).days, 0) // days


def last_day_of_offer(offered_on: dt.date, days: int) -> dt.date:
    """The last day on which a bed is kept for an answer; the day of the offer does not count."""
    return offered_on + dt.timedelta(days=days)


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day some years on; the 28th for the 29th of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def why_not_paid_ahead(held_fen: int, amount_fen: int, fee_fen: int, months: int) -> Reason | None:
    """Why a prepayment goes too far ahead: no more than so many monthly fees lie on the account."""
    if not fee_fen or held_fen + amount_fen <= fee_fen * months:
        return None
    return Reason(
        "With this payment {total} would be prepaid; the limit is {months} monthly fees, {limit}. "
        "Take no more than {room}.",
        total=_yuan(held_fen + amount_fen), months=months, limit=_yuan(fee_fen * months),
        room=_yuan(max(fee_fen * months - held_fen, 0)),
    )  # fmt: skip


def why_not_deposited(held_fen: int, amount_fen: int, fee_fen: int, months: int) -> Reason | None:
    """Why a deposit is too high: it comes to no more than so many monthly fees."""
    if not fee_fen or held_fen + amount_fen <= fee_fen * months:
        return None
    return Reason(
        "With this payment the deposit would be {total}; the limit is {months} monthly fees, {limit}. "
        "Take no more than {room}.",
        total=_yuan(held_fen + amount_fen), months=months, limit=_yuan(fee_fen * months),
        room=_yuan(max(fee_fen * months - held_fen, 0)),
    )  # fmt: skip


def above_limit(account: str, held_fen: int, fee_fen: int, months: int) -> Reason:
    """What lies above a limit already, for whoever looks at the stay."""
    given = {"held": _yuan(held_fen), "months": months, "limit": _yuan(fee_fen * months)}
    if account == "prepayment":
        return Reason("{held} is prepaid, above the limit of {months} monthly fees ({limit}).", **given)
    return Reason("The deposit is {held}, above the limit of {months} monthly fees ({limit}).", **given)


def _yuan(fen: int) -> Words:
    whole, rest = divmod(fen, 100)
    return Words(f"{whole:,}.{rest:02d} 元", f"CNY {whole:,}.{rest:02d}")


def step_reached(days_left: int, thresholds: Iterable[int]) -> int | None:
    """The nearest reminder reached: with (60, 30, 7, 0) and 12 days left it is 30. None before the first."""
    reached = [step for step in thresholds if days_left <= step]
    return min(reached) if reached else None


def carers_needed(levels: Iterable[int | None], ratios: tuple[int, int, int]) -> int:
    """Carers for residents of these levels: `ratios` are residents per carer (self-caring, semi, full), rounded up."""
    self_caring, semi, full = ratios
    share = sum((Fraction(1, self_caring if not n else semi if n < HEAVILY else full) for n in levels), Fraction(0))
    return ceil(share)


@dataclass(frozen=True)
class Staffing:
    """Residents by level of need (None: no level known) against the carers who work there."""

    residents: Mapping[int | None, int]
    present: int
    ratios: tuple[int, int, int]

    @property
    def groups(self) -> tuple[int, int, int]:
        """Residents who care for themselves (also those without a known level), need some, need full nursing."""
        able = sum(count for level, count in self.residents.items() if not level)
        full = sum(count for level, count in self.residents.items() if level and level >= HEAVILY)
        return able, sum(self.residents.values()) - able - full, full

    @property
    def unknown(self) -> int:
        """Residents without a known level: counted as caring for themselves, so the need may be higher."""
        return self.residents.get(None, 0)

    @property
    def needed(self) -> int:
        """Carers that the ratios ask for."""
        return carers_needed((level for level, count in self.residents.items() for _one in range(count)), self.ratios)

    @property
    def missing(self) -> int:
        """How many carers are missing; 0 where there are enough."""
        return max(self.needed - self.present, 0)


@dataclass(frozen=True)
class Remaining:
    """What stands in the way of closing an institution."""

    residents: int = 0
    applications: int = 0
    unsettled: int = 0  # stays that ended with money on their account


def why_not_closed(
    left: Remaining, on: dt.date, today: dt.date, opened_on: dt.date | None, last_left: dt.date | None
) -> Reason | None:
    """Why an institution cannot close on a day. It must be empty first, and nobody may be owed money."""
    if left.residents:
        return Reason("{count} residents live here. Transfer or discharge them before closing.", count=left.residents)
    if left.applications:
        return Reason(
            "{count} applications are still open. Refuse or withdraw them before closing.", count=left.applications
        )
    if left.unsettled:
        return Reason(
            "{count} former residents still have money on their accounts. Pay it back before closing.",
            count=left.unsettled,
        )
    if on > today:
        return Reason("Closing on {on} lies ahead. Record it when the day has come.", on=on)
    if opened_on is not None and on < opened_on:
        return Reason("The institution opened on {opened_on}; it cannot close before.", opened_on=opened_on)
    if last_left is not None and on < last_left:
        return Reason("The last resident left on {last_left}; closing cannot come before.", last_left=last_left)
    return None


def why_not_ended(hired_on: dt.date | None, on: dt.date, today: dt.date) -> Reason | None:
    """Why a post cannot end on a day."""
    if on > today:
        return Reason("A post that ends on {on} is ended then, not before.", on=on)
    if hired_on is not None and on < hired_on:
        return Reason("They came on {hired_on}; the post cannot end before. Correct the day.", hired_on=hired_on)
    return None


def why_no_paper(issued_on: dt.date | None, expires_on: dt.date | None) -> Reason | None:
    """Why the dates on a licence or certificate cannot be right."""
    if issued_on and expires_on and expires_on < issued_on:
        return Reason("It would expire before it was issued. Compare the dates with the paper.")
    return None
