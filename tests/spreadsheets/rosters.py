"""Rosters for tests, with words: `a_roster(tmp_path, rows(30))`. Numbers begin with the unassigned 99."""

import csv
import io
from pathlib import Path
from typing import Any

from yinling.engines.codes.resident_id import check_character
from yinling.kernel import jobs
from yinling.spreadsheets import services
from yinling.spreadsheets.models import Import

HEADERS = ("姓名", "性别", "身份证号码", "联系电话", "村（社区）", "家庭住址")
SURNAMES, MIDDLE, LAST = "向舒覃杨张吴唐邓蒋刘", "秀英桂香玉兰金凤连生", "春梅菊莲珍翠云霞芳琴娥姣妹仙淑清华贞爱群"


def a_number(serial: int) -> str:
    """A valid number: a woman, born in 1940 to 1952, each number another."""
    first_17 = f"990101{1940 + serial % 13}{serial % 12 + 1:02d}{serial % 28 + 1:02d}{102 + serial // 13 % 89 * 10:03d}"
    return first_17 + check_character(first_17)


def rows(count: int, village: str = "胜利社区", **changes: str) -> list[dict[str, str]]:
    """Different women of one village. `changes` replace cells of every row."""
    return [{**a_row(number, village), **changes} for number in range(count)]


def a_row(number: int, village: str = "胜利社区") -> dict[str, str]:
    """One woman."""
    name = SURNAMES[number % 10] + MIDDLE[number // 10 % 10] + LAST[number // 100 % 20]
    return dict(zip(HEADERS, (name, "女", a_number(number), f"139{number:08d}", village, f"{number}号"), strict=True))


def as_csv(found: list[dict[str, str]]) -> bytes:
    """The rows as a .csv with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADERS)
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue().encode()


def a_roster(folder: Path, found: list[dict[str, str]], name: str = "卢峰镇名册.csv") -> Path:
    """The rows as a file."""
    path = folder / name
    path.write_bytes(as_csv(found))
    return path


def uploaded(content: bytes, by: Any, name: str = "卢峰镇名册.csv", place_key: int = 0) -> Import:
    """A file let in, its columns not confirmed yet."""
    return services.upload(
        stream=io.BytesIO(content), name=name, register_key="people", place_key=place_key or by.place_key, by=by
    )


def imported(content: bytes, by: Any, name: str = "卢峰镇名册.csv") -> Import:
    """A file whose rows are all taken."""
    found = uploaded(content, by, name)
    services.start(uid=found.uid, by=by)
    jobs.run_all()
    found.refresh_from_db()
    return found
