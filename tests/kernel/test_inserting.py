"""`insert` writes what `objects.create` writes: the same columns, the same values, a key of its own."""

import pytest

from yinling.kernel.database import insert
from yinling.kernel.models import Change
from yinling.kernel.uids import new_uid

pytestmark = pytest.mark.django_db


def a_change() -> Change:
    return Change(
        type="tests.lamp_lit", version=1, actor_uid=new_uid(), subject_kind="lamp", subject_uid=new_uid(),
        place_key=431224000000, data={"brightness": 3, "说明": "亮"}, salt=b"\x00salt", digest=b"\xff" * 32,
        reason="因为天黑",
    )  # fmt: skip


def values_of(change: Change) -> dict[str, object]:
    """Every column as it reads from the database, but for the key and what names the row alone."""
    row = Change.objects.filter(pk=change.pk).values().get()
    return {column: value for column, value in row.items() if column not in ("id", "uid", "recorded_at", "happened_at")}


def test_what_was_inserted_reads_as_what_was_created() -> None:
    one = a_change()
    fast, slow = insert(one), a_change()
    for field in ("actor_uid", "subject_uid"):
        setattr(slow, field, getattr(one, field))
    slow.save()
    assert values_of(fast) == values_of(slow)
    assert fast.pk != slow.pk and fast.recorded_at is not None


def test_an_inserted_row_can_be_saved_again_and_refreshed() -> None:
    change = insert(a_change())
    change.refresh_from_db()
    assert change.data == {"brightness": 3, "说明": "亮"} and not change._state.adding
