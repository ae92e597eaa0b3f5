"""How dates, numbers, money and duties read."""

import datetime as dt

import pytest

from yinling.kernel.names import mask_name as kernel_mask
from yinling.web import words
from yinling.web.templatetags.words import mask_name

ZH, EN = "zh-hans", "en"
NOW = dt.datetime(2026, 11, 23, 14, 8)


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


@pytest.mark.parametrize(
    ("due", "state", "chinese", "english"),
    [
        (NOW - dt.timedelta(minutes=6), "late", "超 6 分钟", "6 min late"),
        (NOW - dt.timedelta(seconds=10), "late", "超 1 分钟", "1 min late"),
        (NOW - hours(3.5), "late", "超 3 小时", "3 h late"),
        (NOW - hours(49), "late", "超 2 天", "2 days late"),
        (NOW + hours(0.87), "soon", "今天 15:00", "today 15:00"),
        (NOW + hours(48), "", "11月25日", "25 Nov 2026"),
        (dt.date(2026, 11, 23), "", "今天", "today"),
        (dt.date(2026, 11, 22), "late", "超 1 天", "1 day late"),
        (dt.date(2027, 1, 5), "", "2027年1月5日", "5 Jan 2027"),
    ],
)
def test_the_duty_clock_always_speaks_in_words(due: dt.datetime, state: str, chinese: str, english: str) -> None:
    assert words.duty_clock(due, now=NOW, language=ZH) == words.Clock(state, chinese)
    assert words.duty_clock(due, now=NOW, language=EN) == words.Clock(state, english)


def test_something_due_this_very_minute_is_not_late_yet() -> None:
    assert words.duty_clock(NOW, now=NOW, language=ZH).state == "soon"


def test_dates_leave_out_this_year_and_name_any_other() -> None:
    today = dt.date(2026, 11, 23)
    assert words.day(dt.date(2026, 3, 1), today=today, language=ZH) == "3月1日"
    assert words.day(dt.date(2025, 3, 1), today=today, language=ZH) == "2025年3月1日"
    assert words.full_day(today, language=ZH) == "2026年11月23日 星期一"


def test_moments_of_the_neighbouring_days_are_named() -> None:
    yesterday = dt.datetime(2026, 11, 22, 17, 40)
    assert words.moment(yesterday, now=NOW, language=ZH) == "昨天 17:40"
    assert words.moment(NOW - hours(48), now=NOW, language=ZH) == "11月21日 14:08"
    assert words.moment(NOW - hours(48), now=NOW, language=EN) == "21 Nov 2026, 14:08"


def test_numbers_carry_separators_and_a_true_minus() -> None:
    assert words.number(207318) == "207,318"
    assert words.number(-1234.5, 1) == "−1,234.5"
    assert words.number(2.5) == "3"
    assert words.share(0.752) == "75.2%"
    assert words.change(412) == "+412"
    assert words.change(-3) == "−3"
    assert words.change(0) == "0"
    assert words.points(0.006, language=ZH) == "+0.6 个百分点"
    assert words.points(-0.004, language=EN) == "−0.4 pp"


def test_money_is_counted_in_fen_and_read_in_yuan() -> None:
    assert words.money(16400, language=ZH) == "164.00 元"
    assert words.money(16400, language=EN) == "CNY 164.00"
    assert words.money_in_reports(62_400_000, language=ZH) == "62.40 万元"
    assert words.money_in_reports(62_400_000, language=EN) == "CNY 624,000"


def test_hours_saved_are_never_counted_in_days() -> None:
    assert [words.hours(m, language=ZH) for m in (0, 45, 90, 18_750)] == [
        "0 分钟", "45 分钟", "1 小时 30 分钟", "312 小时 30 分钟",
    ]  # fmt: skip
    assert words.hours(-90, language="en") == "-1 h 30 min"


def test_durations_and_distances_choose_their_unit() -> None:
    assert [words.duration(m, language=ZH) for m in (6, 60, 80, 2880)] == ["6 分钟", "1 小时", "1 小时 20 分钟", "2 天"]
    assert words.distance(12, language=ZH) == "12 米"
    assert words.distance(1234, language=ZH) == "1.2 公里"


def test_masks_never_let_the_middle_through() -> None:
    assert mask_name("张桂英") == "张**"
    assert mask_name("张英") == kernel_mask("张英") == "张*"  # one rule, on every page and in every export
    assert mask_name("") == mask_name(None) == "—"
    assert words.masked_id("991200194203051624") == "9912**********1624"
    assert words.masked_id("A123456") == "*****56"
    assert words.masked_phone("13912340417") == "139****0417"
    assert words.masked_phone("2712345") == "*****45"
