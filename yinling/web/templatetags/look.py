"""The components as tags. Usage and states: docs/how-to/components.md, and live in the gallery (web:gallery)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from yinling.web import drawings, words
from yinling.web.fields import drawn_field
from yinling.web.icons import icon_svg
from yinling.web.paging import AFTER, BEFORE, PAGE_TOKENS, Page
from yinling.web.pieces import Chip, Crumb, Figure, Share, Step, Tile
from yinling.web.registry import address_of, allowed, registry
from yinling.web.templatetags.words import language, local

register = template.Library()

LEVEL_ICONS = {
    "red": "alert-octagon",
    "orange": "alert-triangle",
    "yellow": "alert-square-rounded",
    "blue": "info-circle",
}
SAY_ICONS = {"": "info-circle", "ok": "check", "yellow": "alert-triangle", "red": "alert-circle"}
STEP_ICONS = {"done": "check", "now": "clock-exclamation", "": "circle"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Tabler outline icon, inline; words must stand beside it."""
    return icon_svg(name)


@register.simple_tag
def tag(label: Any, tone: str = "", icon: str = "") -> SafeString:
    """A plain fact about the thing. `tone`: ok, bad, doubt or ""."""
    picture = icon_svg(icon) if icon else ""
    return format_html('<span class="tag{}">{}{}</span>', f" {tone}" if tone else "", picture, label)


@register.simple_tag
def level(key: str) -> SafeString:
    """A statutory warning level: shape + word + colour. `key`: red, orange, yellow, blue; else nothing."""
    if key not in LEVEL_ICONS:
        return SafeString("")
    return format_html('<span class="lv {}">{}{}</span>', key, icon_svg(LEVEL_ICONS[key]), level_word(key))


def level_word(key: str) -> str:
    """红, 橙, 黄, 蓝."""
    return {
        "red": pgettext("warning level", "Red"),
        "orange": pgettext("warning level", "Orange"),
        "yellow": pgettext("warning level", "Yellow"),
        "blue": pgettext("warning level", "Blue"),
    }[key]


@register.simple_tag
def due(when: dt.datetime | dt.date | None, text: str = "") -> SafeString:
    """The duty clock: 超 6 分钟, 今天 15:00, 11月25日. `text` replaces the words (the worklist counts working days)."""
    if when is None:
        return SafeString("")
    moment = local(when) if isinstance(when, dt.datetime) else when
    clock = words.duty_clock(moment, now=timezone.localtime(), language=language())
    picture = icon_svg("clock-exclamation" if clock.state == "late" else "clock")
    css = f"due {clock.state}".strip()
    return format_html('<span class="{}">{}{}</span>', css, picture, text or clock.words)


@register.simple_tag
def door(value: Any, url: str = "", why: str = "") -> SafeString:
    """A number that opens into its rows. Without `url`, say `why` it cannot be opened."""
    shown = words.number(value) if isinstance(value, int) else value
    if url:
        return format_html('<a class="door" href="{}">{}</a>', url, shown)
    return format_html('{}<span class="why">{}</span>', shown, why) if why else format_html("{}", shown)


@register.inclusion_tag("web/parts/figure.html")
def figure(row: Figure) -> dict[str, Any]:
    """One row of the figures panel, inside <dl>: label, spark line, door, change since last month."""
    tone = {True: "up", False: "worse", None: ""}[row.is_good]
    return {"figure": row, "spark": drawings.spark_path(row.history), "tone": tone}


@register.simple_block_tag
def say(content: str, tone: str = "", icon: str = "", role: str = "") -> SafeString:
    """A result, refusal or warning, its next step a link. `tone`: ok, yellow, red or ""; `role` status speaks it."""
    picture = icon_svg(icon or SAY_ICONS[tone])
    css = f"say {tone}".strip()
    spoken = format_html(' role="{}"', role) if role else ""
    return format_html('<div class="{}"{}>{}<span>{}</span></div>', css, spoken, picture, content)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """This address with some parameters replaced (None removes one); a page token survives only when named."""
    kept = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    for name in PAGE_TOKENS:
        kept.pop(name, None)
    for name, value in changes.items():
        if value is None or value == "":
            kept.pop(name, None)
        elif isinstance(value, Iterable) and not isinstance(value, str):
            kept.setlist(name, [str(part) for part in value])
        else:
            kept[name] = str(value)
    return f"?{kept.urlencode()}" if kept else "?"


@register.inclusion_tag("web/parts/chips.html", takes_context=True)
def chips(context: Context, name: str, options: Sequence[Chip], label: str, every: int | None = None) -> dict[str, Any]:
    """Filters as links with counts, kept in the address under `name`. `label` names the group; `every` counts 'All'."""
    chosen = context["request"].GET.get(name, "")
    links = [Chip("", gettext("All"), every), *options]
    return {
        "label": label,
        "links": [(chip, query(context, **{name: chip.value}), chip.value == chosen) for chip in links],
    }


@register.inclusion_tag("web/parts/sort_header.html", takes_context=True)
def sort_header(context: Context, key: str, label: Any, number: bool = False, default: str = "") -> dict[str, Any]:
    """A sortable `<th>`; the address carries `sort=key` or `sort=-key` and keeps every filter."""
    current = context["request"].GET.get("sort", default)
    ascending, descending = current == key, current == f"-{key}"
    return {
        "label": label,
        "number": number,
        "state": "ascending" if ascending else "descending" if descending else "",
        "url": query(context, sort=f"-{key}" if ascending else key),
    }


@register.inclusion_tag("web/parts/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Previous and next of a keyset page; every filter stays in the address."""
    return {
        "page": page,
        "previous": query(context, **{BEFORE: page.previous}) if page.previous else "",
        "next": query(context, **{AFTER: page.next}) if page.next else "",
    }


@register.inclusion_tag("web/parts/panel_loader.html", takes_context=True)
def panel_loader(context: Context, url: str, title: Any, key: str = "") -> dict[str, Any]:
    """A panel that loads alone and fails alone; without JavaScript a plain link to the same address."""
    return {"url": url, "title": title, "key": key, "hotline": context["shell"].hotline if "shell" in context else ""}


@register.inclusion_tag("web/parts/panels.html", takes_context=True)
def panels(context: Context, kind: str, subject: Any = None, column: str = "") -> dict[str, Any]:
    """All panels that navigation hangs on this kind of thing, in one column ("main", "side", or all)."""
    user = context["request"].user
    args = () if subject is None else (subject,)
    shown = [
        (panel, address_of(panel.url_name, args), allowed(user, panel.permission))
        for panel in registry.panels_for(kind, column)
    ]
    return {"panels": [row for row in shown if row[2] or row[0].who_may], "shell": context["shell"]}


@register.inclusion_tag("web/parts/tabs.html", takes_context=True)
def tabs(context: Context, kind: str, subject: Any, current: str = "") -> dict[str, Any]:
    """The tabs of one thing, as links; `current` is a key."""
    found = registry.tabs_for(kind, context["request"].user)
    return {"tabs": [(tab, address_of(tab.url_name, (subject,)), tab.key == current) for tab in found]}


@register.inclusion_tag("web/parts/crumbs.html")
def crumbs(places: Sequence[Crumb], label: str = "") -> dict[str, Any]:
    """Where this thing stands: 怀化市 › 溆浦县 › 卢峰镇. The last one has no url."""
    return {"places": places, "label": label or gettext("Where this is")}


@register.inclusion_tag("web/parts/steps.html")
def steps(rows: Sequence[Step]) -> dict[str, Any]:
    """The loop of a duty, with the step it stuck on marked."""
    return {"rows": [(step, STEP_ICONS[step.state]) for step in rows]}


@register.inclusion_tag("web/parts/split.html")
def split(shares: Sequence[Share]) -> dict[str, Any]:
    """One bar of outcomes; the chips under it carry the same numbers as words."""
    return {"slices": drawings.slices(shares)}


@register.inclusion_tag("web/parts/progress.html")
def progress(
    label: str, done: int, total: int, stop_url: str = "", poll_url: str = "", note: str = ""
) -> dict[str, Any]:
    """How far a job is, with 停下. `poll_url` answers with this same fragment every second until the job ends."""
    share = words.share(done / total, 0) if total else ""
    return {
        "label": label, "done": done, "total": total, "share": share,
        "stop_url": stop_url, "poll_url": poll_url, "note": note,
    }  # fmt: skip


@register.inclusion_tag("web/parts/level_history.html")
def level_history(
    points: Sequence[tuple[dt.date, int]], names: Sequence[str], label: str, until: dt.date | None = None
) -> dict[str, Any]:
    """A stepped line of levels over time. `points`: (date, rank from 0); `label`: the same as one sentence."""
    return {"chart": drawings.step_chart(points, names, until or timezone.localdate()), "label": label}


@register.inclusion_tag("web/parts/bar.html")
def bar(value: float, maximum: float, goal: float | None = None) -> dict[str, Any]:
    """A bar in a table row whose number stands in the cell beside it; `goal` draws the limit."""
    goal_at = drawings.bar_width(goal, maximum) if goal is not None else None
    return {"width": drawings.bar_width(value, maximum), "goal_at": goal_at}


@register.inclusion_tag("web/parts/columns.html")
def column_chart(values: Sequence[tuple[str, float, str]], label: str) -> dict[str, Any]:
    """Columns from zero. `values`: (label, value, value in words); `label`: the whole as one sentence."""
    return {"columns": drawings.columns(values), "label": label}


@register.inclusion_tag("web/parts/tiles.html")
def tiles(rows: Sequence[Tile], label: str, note: str, key: str = "levels", key_text: str = "") -> dict[str, Any]:
    """The schematic map, in official order. `key`: levels (the four shapes), or none with `key_text`."""
    drawn = [(tile, LEVEL_ICONS.get(tile.tone, "check" if key == "levels" else "")) for tile in rows]
    return {"tiles": drawn, "label": label, "note": note, "key": key, "key_text": key_text, "levels": list(LEVEL_ICONS)}


@register.inclusion_tag("web/parts/empty.html")
def empty(text: str, url: str = "", action: str = "") -> dict[str, Any]:
    """What would be here, why it is not, and the one thing to do."""
    return {"text": text, "url": url, "action": action}


@register.inclusion_tag("web/parts/locked.html")
def locked(text: str, url: str = "", action: str = "") -> dict[str, Any]:
    """No right to see: says so and who may; optionally the emergency way in."""
    return {"text": text, "url": url, "action": action}


@register.simple_tag
def field(bound: BoundField, help: str = "") -> SafeString:
    """A form field: label, control, help and error tied together for readers; 44 px on phones."""
    return drawn_field(bound, help)


@register.simple_tag
def fields(form: Any) -> SafeString:
    """All visible fields of a form in order, hidden ones, and what is wrong with the whole."""
    from_form = template.loader.render_to_string("web/parts/fields.html", {"form": form})
    return mark_safe(from_form)
