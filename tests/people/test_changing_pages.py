"""Pages that change what hangs on a person: what a clerk clicks, and what comes of it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import client_of
from tests.people.builders import a_number, a_person, load_lists
from tests.people.test_around import PDF, PORTRAIT, a_consent, a_couple, a_daughter, a_guardian
from yinling.accounts.models import User
from yinling.kernel.clock import civil_date
from yinling.kernel.models import Change
from yinling.people import services
from yinling.people.models import Consent, Guardian, Kin, Membership, Merge, Person

pytestmark = pytest.mark.django_db
MOST = 8 + 2  # the page's own statements, and the session with its user


@pytest.fixture(autouse=True)
def _lists() -> None:
    load_lists()


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_photograph_is_put_on_shown_and_taken_off(county_clerk: User) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    page = f"/work/people/{person.uid}/"
    assert client.get(page + "photo").status_code == 404
    picture = SimpleUploadedFile("face.png", PORTRAIT)
    assert client.post(page + "photo/change", {"photo": picture}).status_code == 422
    picture = SimpleUploadedFile("face.png", PORTRAIT)
    assert client.post(page + "photo/change", {"photo": picture, "has_agreed": "on"}).status_code == 302
    assert page + "photo?of=" in text(client, page)
    shown = client.get(page + "photo")
    assert (shown.content, shown["Content-Type"], shown["Cache-Control"]) == (
        PORTRAIT,
        "image/png",
        "private, no-store",
    )
    assert client.post(page + "photo/remove", {"reason": "本人要求删除"}).status_code == 302
    assert page + "photo?of=" not in text(client, page)


def test_a_contact_is_corrected_and_struck_off_from_the_panel(county_clerk: User) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    kin = a_daughter(person, county_clerk)
    panel, page = f"/work/people/{person.uid}/panel/kin", f"/work/people/{person.uid}/kin/{kin.uid}"
    assert page in text(client, panel)
    assert "13800005530" not in text(client, page)
    data = {"name": "张敏", "relation": "30", "phone": "13800009999", "lives_at": "长沙"}
    assert client.post(page, data).status_code == 302
    assert client.post(page + "/end", {"reason": "重复登记"}).status_code == 302
    assert Kin.objects.get().phone() == "13800009999"
    assert page not in text(client, panel)


def test_a_clerk_shows_the_telephones_of_contacts_with_a_reason(county_clerk: User) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    a_daughter(person, county_clerk)
    words = {"items": ["contacts"], "reason": "老人摔倒，联系家属"}
    assert "13800005530" in client.post(f"/work/people/{person.uid}/show", words).content.decode()
    assert Change.objects.get(type="people.looked").data["items"] == ["contacts"]


def test_a_guardian_is_recorded_with_a_scan_which_only_its_county_opens(
    county_clerk: User, other_county_clerk: User
) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    kin = a_daughter(person, county_clerk)
    page = f"/work/people/{person.uid}/guardian"
    data = {
        "kin_uid": str(kin.uid), "kind": "agreed", "proof": "公证书 2024-117", "scope": "医疗",
        "valid_from": "2024-01-01", "scan": SimpleUploadedFile("公证书.pdf", PDF),
    }  # fmt: skip
    assert client.post(page, data).status_code == 302
    guardian = Guardian.objects.get()
    proof = f"{page}/{guardian.uid}/proof"
    assert proof in text(client, f"/work/people/{person.uid}/panel/kin")
    assert client.get(proof).content == PDF
    assert client_of(other_county_clerk).get(proof).status_code == 404
    ended = client.post(f"{page}/{guardian.uid}/end", {"on": str(civil_date()), "reason": "本人恢复行为能力"})
    assert ended.status_code == 302
    assert proof not in text(client, f"/work/people/{person.uid}/panel/kin")


def test_a_consent_is_printed_with_a_line_and_withdrawn_from_the_panel(county_clerk: User) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    words = {
        "purpose": "family_view", "items": "探访记录，用药", "recipient": "女儿", "method": "sign", "given_by": "本人",
    }  # fmt: skip
    assert client.post(f"/work/people/{person.uid}/consent", {**words, "method": "read_aloud"}).status_code == 422
    assert client.post(f"/work/people/{person.uid}/consent", words).status_code == 302
    consent = Consent.objects.get()
    assert consent.items == ["探访记录", "用药"]
    sheet = f"/work/people/{person.uid}/consent/{consent.uid}"
    assert "舒桂香" in text(client, sheet)
    assert Change.objects.get(type="people.looked").data["items"] == ["name"]
    withdrawn = client.post(sheet + "/withdraw", {"on": str(civil_date()), "reason": "电话告知村干部"})
    assert withdrawn.status_code == 302
    assert "电话告知村干部" in text(client, f"/work/people/{person.uid}/panel/consents")


def test_a_person_is_put_into_a_household_found_by_name(county_clerk: User) -> None:
    (wife, husband), client = a_couple(county_clerk), client_of(county_clerk)
    page = f"/work/people/{wife.uid}/household"
    choice = f"?with={husband.uid}"
    assert choice in text(client, page + "?q=向大山")
    assert client.post(page + choice, {"relation": "10", "on": str(civil_date())}).status_code == 302
    panel = text(client, f"/work/people/{wife.uid}/panel/card")
    assert str(husband.uid) in panel
    assert client.post(page + choice, {"relation": "02", "on": str(civil_date())}).status_code == 422
    assert client.post(page, {"on": str(civil_date())}).status_code == 302
    assert Membership.objects.filter(person=wife, superseded_at__isnull=True).get().relation == "02"


def test_nonsense_or_a_stranger_in_the_address_reads_as_not_found(county_clerk: User, other_county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    page = f"/work/people/{person.uid}/"
    for query in ("household?with=x", f"household?with={a_number()}", "merge?other=1"):
        assert client_of(county_clerk).get(page + query).status_code == 404
    assert client_of(other_county_clerk).get(page + f"merge?other={person.uid}").status_code == 404


def two_files(by: User) -> tuple[Person, Person]:
    return a_person(by=by), a_person(by=by, document_number="", phone="")


def test_two_files_are_found_compared_merged_and_taken_apart_again(county_clerk: User) -> None:
    (one, other), client = two_files(county_clerk), client_of(county_clerk)
    page = f"/work/people/{other.uid}/merge"
    assert page in text(client, f"/work/people/{other.uid}/")
    assert f"?other={one.uid}" in text(client, page)
    compared = text(client, f"{page}?other={one.uid}")
    assert one.document_number() not in compared
    assert client.post(f"{page}?other={one.uid}", {"stays": "other", "reason": ""}).status_code == 422
    merged = client.post(f"{page}?other={one.uid}", {"stays": "other", "reason": "已核对身份证"})
    assert merged["Location"] == f"/work/people/{one.uid}/"
    merge = Merge.objects.get()
    assert (merge.person, merge.into) == (other, one)
    assert ["name", "exact"] in merge.why
    for uid in (one.uid, other.uid):
        assert f"/work/people/{other.uid}/unmerge" in text(client, f"/work/people/{uid}/")
    assert client.post(f"/work/people/{other.uid}/unmerge", {"reason": "是两个人"}).status_code == 302
    other.refresh_from_db()
    assert other.canonical_id is None


def test_files_with_two_valid_documents_are_refused_with_the_sentence_and_stay_two(county_clerk: User) -> None:
    one, other = a_person(by=county_clerk), a_person(by=county_clerk, document_number=a_number(), phone="")
    page = f"/work/people/{one.uid}/merge?other={other.uid}"
    refused = client_of(county_clerk).post(page, {"stays": "this", "reason": "看起来一样"})
    assert refused.status_code == 422
    assert not Merge.objects.exists()


def test_who_may_not_merge_does_not_see_the_page(county_clerk: User, township_clerk: User) -> None:
    person = a_person(by=county_clerk)
    client = client_of(township_clerk)
    assert client.get(f"/work/people/{person.uid}/merge").status_code == 403
    assert f"/work/people/{person.uid}/merge" not in text(client, f"/work/people/{person.uid}/")


def test_a_city_officer_watches_and_merges_nothing(county_clerk: User, city_officer: User) -> None:
    assert client_of(city_officer).get(f"/work/people/{a_person(by=county_clerk).uid}/merge").status_code == 403


def test_a_list_is_sorted_by_its_headers_and_says_when_it_is_too_long(
    county_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, client = a_person(by=county_clerk), client_of(county_clerk)
    a_person(by=county_clerk, name="安小妹", phone="")
    address = "/work/people/?place=431224000000&sort=name"
    page = text(client, address)
    assert 'aria-sort="ascending"' in page
    assert page.index("安**") < page.index("舒**")
    monkeypatch.setattr("yinling.people.orders.MOST_SORTED", 1)
    page = text(client, address)
    assert page.index(str(first.uid)) < page.index("安**")


@pytest.mark.parametrize("path", ["", "panel/card", "panel/kin", "panel/consents", "household", "guardian", "consent"])
def test_a_full_file_costs_few_statements(county_clerk: User, path: str, django_assert_max_num_queries: Any) -> None:
    (wife, husband), client = a_couple(county_clerk), client_of(county_clerk)
    services.enter_household(uid=wife.uid, with_uid=husband.uid, relation="10", on=civil_date(), by=county_clerk)
    a_guardian(wife, county_clerk)
    for _number in range(3):
        a_daughter(wife, county_clerk)
        a_consent(wife, county_clerk)
    other = a_person(by=county_clerk, document_number="", phone="")
    services.merge_files(uid=other.uid, into=wife.uid, by=county_clerk, reason="已核对")
    client.get(f"/work/people/{wife.uid}/{path}")
    with django_assert_max_num_queries(MOST):
        assert client.get(f"/work/people/{wife.uid}/{path}").status_code == 200
