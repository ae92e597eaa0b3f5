"""Every component in its states, for eyes and for the accessibility test. Its people and figures are invented."""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from yinling.kernel.errors import NotAllowed, Refused
from yinling.web.fields import DayInput
from yinling.web.paging import Page
from yinling.web.pieces import Chip, Crumb, Figure, Share, Step, Tile
from yinling.web.words import is_chinese

FRAMES = ("public", "phone", "elder", "print", "plain", "board")
PANELS = ("ready", "empty", "locked", "refused", "forbidden", "broken")


def _w(chinese: str, english: str) -> str:
    # Samples stay out of the catalogue: no translator should spend time on invented people.
    return chinese if is_chinese(get_language() or "zh") else english


def _only_staff(request: HttpRequest) -> None:
    user = getattr(request, "user", None)
    if not (settings.DEBUG or (user is not None and user.is_authenticated)):
        raise Http404


def gallery(request: HttpRequest) -> HttpResponse:
    """The page of all components."""
    _only_staff(request)
    messages.success(request, _w("已登记。", "Registered."), extra_tags="ok")
    context = {**_signatures(), **_drawings(), **_lists(), "form": _refused_form(), "words": _texts()}
    return render(request, "web/gallery/gallery.html", context)


def gallery_frame(request: HttpRequest, name: str) -> HttpResponse:
    """One of the frames with a little in it; `broken` crashes on purpose."""
    _only_staff(request)
    if name == "refused":
        raise Refused("Checked in {distance_m} m away; the limit is {limit_m} m.", distance_m=840, limit_m=300)
    if name not in FRAMES:
        raise Http404
    return render(request, f"web/gallery/{name}.html", {**_lists(), "words": _texts()})


def gallery_panel(request: HttpRequest, kind: str) -> HttpResponse:
    """One panel in one state."""
    _only_staff(request)
    if kind not in PANELS:
        raise Http404
    if kind == "refused":
        raise Refused("Checked in {distance_m} m away; the limit is {limit_m} m.", distance_m=840, limit_m=300)
    if kind == "forbidden":
        raise NotAllowed("health.read")
    if kind == "broken":
        raise RuntimeError("The gallery's panel that crashes on purpose.")
    return render(request, "web/gallery/panel.html", {"kind": kind, "words": _texts()})


@cache
def _samples() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("gallery.yaml").read_text(encoding="utf-8")))


def _texts() -> dict[str, str]:
    return {name: _w(*pair) for name, pair in _samples()["words"].items()}


def _signatures() -> dict[str, Any]:
    now = timezone.now()
    return {
        "late": now - dt.timedelta(minutes=6),
        "very_late": now - dt.timedelta(days=2),
        "soon": now + dt.timedelta(minutes=1),
        "today": timezone.localdate(),
        "later": timezone.localdate() + dt.timedelta(days=3),
        "moment": now,
        "figures": [
            Figure(_w("60 岁以上", "60 and over"), "207,318", "?", _w("人", ""), "+412", "up", True, (1, 2, 3, 5)),
            Figure(_w("床位使用率", "Occupancy"), "75.2", "?", "%", _w("+0.6 个百分点", "+0.6 pp"), "up", True),
            Figure(_w("未闭环预警", "Open alerts"), "9", "?", _w("件", ""), "+4", "up", False, (5, 4, 6, 5, 4, 5, 9)),
            Figure(_w("户均收入", "Income"), "—", why=_w("缺民政核对", "not yet checked")),
        ],
        "steps": [
            Step(_w("发生", "Happened"), "13:52", "done"),
            Step(_w("确认：应于 14:02，无人", "Confirm: due 14:02, nobody"), "", "now"),
            Step(_w("派人 → 到场 → 处置", "Send → arrive → deal with")),
        ],
        "crumbs": [Crumb(_w("怀化市", "Huaihua"), "?"), Crumb(_w("卢峰镇", "Lufeng"))],
    }  # fmt: skip


def _drawings() -> dict[str, Any]:
    names = [_w("完好", "Intact"), _w("轻度", "Mild"), _w("中度", "Fair"), _w("重度", "Severe"), _w("完全", "Full")]
    counties = _samples()["counties"]
    return {
        "shares": [
            Share("new", 312, "made"), Share("updated", 846, "changed"), Share("unchanged", 57, "same"),
            Share("doubtful", 21, "doubt"), Share("refused", 12, "bad"),
        ],
        "level_points": [
            (dt.date(2022, 5, 2), 0), (dt.date(2023, 6, 9), 1), (dt.date(2024, 9, 1), 2), (dt.date(2026, 8, 12), 3),
        ],
        "level_names": names,
        "level_until": dt.date(2026, 11, 23),
        "column_values": [("2022", 48.5, "48.5%"), ("2023", 63.1, "63.1%"), ("2024", 75.0, "75.0%")],
        "tiles": [
            Tile(_w(zh, en), str(n), "?", row, column, tone, late=1 if tone == "red" else 0, is_current=tone == "red")
            for zh, en, row, column, tone, n in counties
        ],
        "counts": [
            Tile(_w(zh, en), str(n * 4), "?", row, column, f"q{min(4, 1 + n // 2)}")
            for zh, en, row, column, _, n in counties
        ],
    }  # fmt: skip


def _lists() -> dict[str, Any]:
    rows = [
        {"name": _w("青松敬老院", "Qingsong home"), "place": _w("桥江镇", "Qiaojiang"), "beds": 46},
        {"name": _w("福禄养老院", "Fulu home"), "place": _w("低庄镇", "Dizhuang"), "beds": 1380},
    ]
    return {
        "page": Page(rows=rows, next="bmV4dA", previous="cHJldg"),
        "chips": [
            Chip("new", _w("新建", "New"), 312, "plus"), Chip("changed", _w("更新", "Updated"), 846, "pencil"),
            Chip("doubt", _w("存疑", "Doubtful"), 21, "question-mark"), Chip("refused", _w("拒收", "Refused"), 12, "x"),
        ],
    }  # fmt: skip


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField()
    phone = forms.CharField(required=False)
    born = forms.DateField(widget=DayInput())
    place = forms.ChoiceField(choices=[("1", "卢峰镇"), ("2", "桥江镇")])
    sex = forms.ChoiceField(widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    remark = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    paper = forms.FileField(required=False)
    agrees = forms.BooleanField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = {
            "name": _w("姓名", "Name"), "phone": _w("电话", "Phone"), "born": _w("出生日期", "Born on"),
            "place": _w("属地", "Place"), "sex": _w("性别", "Sex"), "needs": _w("需要", "Needs"),
            "remark": _w("备注", "Remark"), "paper": _w("名册文件", "Roster file"),
            "agrees": _w("本人同意登记", "The person agrees to be registered"),
        }  # fmt: skip
        for key, label in labels.items():
            self.fields[key].label = label
        self.fields["phone"].help_text = _w("手机或座机，数字即可", "Mobile or landline, digits only")
        self.fields["sex"].choices = [("f", _w("女", "Female")), ("m", _w("男", "Male"))]  # type: ignore[attr-defined]
        self.fields["needs"].choices = [("meal", _w("助餐", "Meals")), ("bath", _w("助浴", "Bathing"))]  # type: ignore[attr-defined]


def _refused_form() -> SampleForm:
    form = SampleForm({"name": "", "phone": "139", "born": "1942-03-05", "place": "1"})
    form.is_valid()
    form.add_error("phone", _w("电话 139 只有 3 位，手机要 11 位。", "139 has 3 digits; a mobile has 11."))
    form.add_error(None, _w("没有登记：还差 3 项。", "Not registered: 3 fields are missing."))
    return form
