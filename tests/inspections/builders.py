"""Words for tests of inspections."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw

from tests.conftest import XUPU, a_user
from tests.institutions.builders import a_home
from yinling.accounts.models import User
from yinling.inspections import services
from yinling.inspections.models import Hazard, Inspection, Notice
from yinling.inspections.rules.hazards import Fixings
from yinling.inspections.rules.inspecting import NO, YES, Answered
from yinling.inspections.services import Wanted, What
from yinling.institutions.models import Institution
from yinling.institutions.services import hire
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date

BY = System("test")
PACK = Path(__file__).parents[2] / "packs" / "national"
DAY = dt.timedelta(days=1)
SECRET = "correct horse battery"


def the_lists_are_loaded(*keys: str) -> None:
    """Checklists of the national pack."""
    for key in keys or ("fire", "major_hazards"):
        data = yaml.safe_load((PACK / "checklists" / f"{key}.yaml").read_text(encoding="utf-8"))
        services.load_checklist(data, file=f"{key}.yaml", pack="national", by=BY)


def an_inspector(name: str, place_key: int = XUPU) -> User:
    """Somebody of an office who may do everything of the module."""
    return a_user("inspector", place_key, name)


def a_manager(home: Institution, name: str = "manager") -> User:
    """Who runs a home."""
    user = a_user("at_home", home.place_key, name)
    hire(uid=home.uid, name="向院长", post="manager", user=user, by=BY)
    return user


def a_planned_inspection(home: Institution | None = None, *inspectors: User, **more: Any) -> Inspection:
    """An inspection of fire safety, planned for today."""
    given = {"kind": "planned", "checklist_key": "fire", "planned_on": civil_date()} | more
    return services.plan_inspection(institution_uid=(home or a_home()).uid, inspectors=inspectors, by=BY, **given)


def answered(found: Inspection, by: Any = BY, **not_in_order: str) -> Inspection:
    """All items in order, but those named (`fire_7="插线板"`)."""
    for item in found.checklist.questions.items:
        note = not_in_order.get(item.replace(".", "_"), "")
        services.answer(uid=found.uid, item=item, given=Answered(NO if note else YES, note), by=by)
    return Inspection.objects.get(pk=found.pk)


def signed_by(found: Inspection, *users: User) -> Inspection:
    """Each signs with the password."""
    for user in users:
        fresh = Inspection.objects.get(pk=found.pk)
        seen = services.digest_of(fresh)
        services.sign(uid=found.uid, way="password", secret=SECRET, digest_seen=seen, by=user)
    return Inspection.objects.get(pk=found.pk)


def a_hazard(home: Institution | None = None, by: Any = BY, **what: Any) -> Hazard:
    """A general hazard, just found."""
    given = {"words": "疏散通道堆放轮椅", "level": "general", "item": "fire.1"} | what
    return services.find_hazard(institution_uid=(home or a_home()).uid, what=What(**given), by=by)


def fixings(**more: Any) -> Fixings:
    """Five fixings, due in ten days."""
    given: dict[str, Any] = {
        "responsible": "向院长", "measure": "清空通道", "money_fen": 0, "due_on": civil_date() + 10 * DAY,
        "contingency": "专人看护",
    }  # fmt: skip
    return Fixings(**(given | more))


def a_notice(hazard: Hazard, by: Any = BY, **more: Any) -> Notice:
    """The notice of a hazard."""
    return services.issue_notice(uid=hazard.uid, level=more.pop("level", ""), fixings=fixings(**more), by=by)


def handed_in(home: Institution | None = None, manager: User | None = None, by: Any = BY) -> Hazard:
    """A hazard whose work waits for the re-check."""
    home = home or a_home()
    hazard = a_hazard(home, by)
    a_notice(hazard)
    services.submit_work(uid=hazard.uid, words="通道已清空", by=manager or a_manager(home))
    return Hazard.objects.get(pk=hazard.pk)


def wanted(homes: int = 1, **more: Any) -> Wanted:
    """A draw of fire inspections from today on."""
    today = civil_date()
    return Wanted("消防抽查", "fire", homes, today, today + 20 * DAY, **more)


def a_photo(seed: int = 1, size: tuple[int, int] = (640, 480), exif: Image.Exif | None = None) -> io.BytesIO:
    """A picture with large shapes, different for each seed, as JPEG."""
    picture = Image.new("RGB", (640, 480), (40 + seed * 37 % 200, 90, 140))
    pen = ImageDraw.Draw(picture)
    for at in range(12):
        x, y = (seed * 131 + at * 97) % 560, (seed * 71 + at * 53) % 400
        pen.rectangle((x, y, x + 120, y + 90), fill=((at * 61 + seed * 29) % 255, (at * 23) % 255, (seed * 83) % 255))
    out = io.BytesIO()
    picture.resize(size).save(out, "JPEG", quality=85, **({"exif": exif} if exif else {}))
    out.seek(0)
    out.name = f"{seed}.jpg"
    return out
