"""A list of devices in Excel or CSV: each row one device, and where it stands."""

from pathlib import Path

import pytest

from tests.conftest import LUFENG
from tests.devices.builders import a_home, a_person, beds_in
from yinling.accounts.models import User
from yinling.devices.models import Device
from yinling.spreadsheets.services import import_file

pytestmark = pytest.mark.django_db
HEAD = "设备型号,厂家,序列号,机构名称,房间号,床位号,身份证号码,安装位置\n"


def imported(tmp_path: Path, rows: str, by: User) -> list[str]:
    """What became of each row."""
    path = tmp_path / "设备.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    done = import_file(path=path, register_key="devices", by=by, place_key=LUFENG)
    return [str(outcome.kind) for outcome in done.outcomes().in_order()]


def test_rows_become_devices_in_store_in_homes_at_beds_and_the_same_file_changes_nothing(
    tmp_path: Path, keeper: User
) -> None:
    home = a_home()
    bed = beds_in(home, 1)[0]
    rows = (
        "独立式感烟探测器,安心,S1,卢峰镇敬老院,,,,二楼走廊\n"
        f"智能床垫（心率呼吸）,安枕,M1,卢峰镇敬老院,{bed.room.number},{bed.label},,卧室\n"
        "呼叫器,安心,B1,,,,,\n"
    )
    assert imported(tmp_path, rows, keeper) == ["created"] * 3
    smoke, mat, button = (Device.objects.get(serial=one) for one in ("S1", "M1", "B1"))
    assert (smoke.institution, smoke.spot, smoke.spot_words) == (home, "corridor", "二楼走廊")
    assert (mat.bed, button.state, button.place_key) == (bed, "in_store", LUFENG)
    assert imported(tmp_path, rows, keeper) == ["unchanged"] * 3
    assert Device.objects.count() == 3


def test_a_row_that_names_nothing_we_know_is_refused_and_leaves_nothing(tmp_path: Path, keeper: User) -> None:
    home = a_home()
    room = beds_in(home, 1)[0].room.number
    rows = (
        "茶壶,安心,T1,卢峰镇敬老院,,,,走廊\n"
        "独立式感烟探测器,安心,S2,没有的敬老院,,,,走廊\n"
        "独立式感烟探测器,安心,S3,卢峰镇敬老院,999,,,走廊\n"
        f"公共区域摄像机,安心,C1,卢峰镇敬老院,{room},,,走廊\n"
        "定位手环,安心,W1,,,,431224194203010024,随身佩戴\n"
    )
    assert imported(tmp_path, rows, keeper) == ["refused"] * 5
    assert not Device.objects.exists()


def test_a_person_is_found_by_the_document_number(tmp_path: Path, keeper: User) -> None:
    person = a_person(document_kind="resident_id", document_number="431224194203010024")
    assert imported(tmp_path, "定位手环,安枕,W2,,,,431224194203010024,随身佩戴\n", keeper) == ["created"]
    assert Device.objects.get().person == person
