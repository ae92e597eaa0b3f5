"""What an address or a form names is a uid, or it is nothing."""

from uuid import UUID

import pytest

from yinling.kernel.uids import new_uid, uid_of


def test_a_uid_is_read_back_from_its_text() -> None:
    uid = new_uid()
    assert uid_of(str(uid)) == uid
    assert uid_of("018f4e2a-1b2c-7d3e-8f4a-5b6c7d8e9f0a") == UUID("018f4e2a1b2c7d3e8f4a5b6c7d8e9f0a")


@pytest.mark.parametrize(
    "text", ["", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "018f4e2a-1b2c-7d3e-8f4a-5b6c7d8e9f0", "银龄", "1", "-" * 36]
)
def test_what_only_looks_like_a_uid_is_none(text: str) -> None:
    assert uid_of(text) is None
