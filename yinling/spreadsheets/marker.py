"""Who took a list out, when and why: written into every workbook that leaves the platform."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from yinling.kernel.reasons import Reason, Words

Say = Callable[[Reason | Words], str]
"""Turns a reason, or words, into a sentence in the reader's language; `str` gives English."""

_LONGEST_FOOTER = 255  # Excel refuses to open a workbook with a longer one


@dataclass(frozen=True, slots=True)
class Marker:
    """What a list is, who took it out, when (aware), why, and under which number that is on record."""

    what: str
    who: str
    when: datetime
    why: str
    record: str = ""


def put_marker(workbook: xlsxwriter.Workbook, marker: Marker, rows: int, say: Say) -> None:
    """Add the marker as a sheet of its own and as document properties. Call it after the lists."""
    sheet = workbook.add_worksheet(sheet_name(say(Reason("About this file")), _names(workbook)))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    bold = workbook.add_format({"bold": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    lines = [
        (say(Reason("What")), marker.what),
        (say(Reason("Rows")), str(rows)),
        (say(Reason("Taken out by")), marker.who),
        (say(Reason("When")), shown_time(marker.when)),
        (say(Reason("Why")), marker.why),
        (say(Reason("On record as")), marker.record or "—"),
        (
            say(Reason("Handle with care")),
            say(
                Reason(
                    "This file holds data about people. Keep it as long as the purpose above needs it, then delete it."
                )
            ),
        ),
    ]
    for at, (title, text) in enumerate(lines):
        sheet.write_string(at, 0, title, bold)
        sheet.write_string(at, 1, text, wrapped)
    workbook.set_properties(
        {
            "title": marker.what,
            "author": marker.who,
            "subject": marker.why,
            "comments": f"{marker.record} {shown_time(marker.when)}".strip(),
            "created": marker.when.replace(tzinfo=None),
        }
    )


def put_footer(sheet: Worksheet, marker: Marker) -> None:
    """The marker on every printed page, beside the page number."""
    text = f"{marker.who} {shown_time(marker.when)} {marker.why}".replace("&", "&&")
    ending = "&R&P / &N"
    room = _LONGEST_FOOTER - len(ending) - 2
    # Cut between characters, never between the two halves of an escaped ampersand.
    cut = text[:room]
    if (len(cut) - len(cut.rstrip("&"))) % 2:
        cut = cut[:-1]
    sheet.set_footer(f"&L{cut}{ending}")


def shown_time(when: datetime) -> str:
    """A moment as tables show it."""
    return when.strftime("%Y-%m-%d %H:%M")


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts (31 characters, none of []:*?/\\) and that no other sheet has."""
    bare = "".join("_" if character in "[]:*?/\\" else character for character in wanted).strip("'")[:31] or "Sheet"
    name, number = bare, 2
    while name.lower() in taken:
        ending = f" ({number})"
        name, number = bare[: 31 - len(ending)] + ending, number + 1
    taken.add(name.lower())
    return name


def _names(workbook: xlsxwriter.Workbook) -> set[str]:
    return {sheet.get_name().lower() for sheet in workbook.worksheets()}
