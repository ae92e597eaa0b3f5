"""Pages of imports: upload, mapping, outcome; in scope, with a constant number of statements."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.spreadsheets.rosters import a_row, as_csv, imported, rows, uploaded
from yinling.accounts.models import User
from yinling.kernel import jobs
from yinling.kernel.models import Job
from yinling.people.models import Person
from yinling.spreadsheets import services
from yinling.spreadsheets.models import Import

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.spreadsheets.addresses")]


@pytest.fixture
def clerk(county_clerk: User, client: Client) -> Client:
    """The clerk of Xupu, logged in."""
    client.force_login(county_clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(clerk: Client, content: bytes, name: str = "名册.csv", **more: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    data = {"register": "people", "place_key": 431224000000, "source": "民政局", "file": file, **more}
    return clerk.post(reverse("spreadsheets:upload"), data)


def test_a_clerk_uploads_confirms_and_reads_what_became_of_each_row(clerk: Client) -> None:
    answer = send(clerk, as_csv([*rows(3), {**a_row(9), "身份证号码": "4.33E+17"}]))
    mapping = clerk.get(answer["Location"]).content.decode()
    assert "身份证号码" in mapping and "4.33E+17" in mapping and a_row(0)["身份证号码"] not in mapping
    names = dict(re.findall(r'<select class="box" name="([^"]+)" aria-label="([^"]+)">', mapping))
    fields = {"姓名": "name", "性别": "sex", "身份证号码": "document_number", "联系电话": "phone"}
    chosen = {name: fields.get(header, "") for name, header in names.items()}
    village = next(name for name, header in names.items() if header.startswith("村"))
    answer = clerk.post(answer["Location"], {**chosen, village: "village"})
    assert "progress" in clerk.get(answer["Location"]).content.decode()
    jobs.run_all()
    page = clerk.get(answer["Location"]).content.decode()
    assert "4 行已处理，1 行没有收" in page and "向**" in page and "4.33E+17" in page
    assert page.index("4.33E+17") < page.index("向**")
    assert Person.objects.count() == 3 and Person.objects.get(name=a_row(0)["姓名"]).address() == ""


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "empty.csv", "空"),
        (b"MZ\x90\x00" + bytes(200), "roster.xlsx", "程序"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "roster.xlsx", "图片"),
        (b"PK\x03\x04" + b"junk" * 50, "roster.xlsx", ""),
    ],
)
def test_a_hostile_file_is_refused_beside_its_field_and_the_form_stays_filled(
    clerk: Client, content: bytes, name: str, says: str
) -> None:
    answer = send(clerk, content, name, source="残联十一月名单")
    page = answer.content.decode()
    assert answer.status_code == 422 and says in page and "残联十一月名单" in page
    assert not Import.objects.exists()


def test_two_gigabytes_are_refused_before_a_byte_is_read(clerk: Client) -> None:
    answer = clerk.generic(
        "POST", reverse("spreadsheets:upload"), b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=2 * 1024**3
    )
    assert answer.status_code == 422 and "2048 MB" in answer.content.decode()


def test_an_upload_without_the_forms_token_is_turned_away(county_clerk: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(county_clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert send(strict, as_csv(rows(2))).status_code == 403
    assert not Import.objects.exists()


def test_every_page_of_another_countys_import_reads_as_not_found(clerk: Client, other_county_clerk: User) -> None:
    theirs = imported(as_csv(rows(2, "新街社区")), other_county_clerk)
    for name in ("import", "mapping", "progress", "download"):
        assert clerk.get(reverse(f"spreadsheets:{name}", args=[theirs.uid])).status_code == 404
    for verb in ("stop", "resume", "again", "annotate"):
        assert clerk.post(reverse(f"spreadsheets:{verb}", args=[theirs.uid])).status_code == 404
    assert "卢峰镇名册.csv" not in clerk.get(reverse("spreadsheets:imports")).content.decode()


def test_who_may_not_import_sees_no_imports(village_visitor: User, client: Client) -> None:
    client.force_login(village_visitor, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("spreadsheets:imports")).status_code == 403
    assert client.get(reverse("spreadsheets:upload")).status_code == 403


def test_outcomes_are_filtered_and_paged_and_cost_the_same_however_many(
    clerk: Client, county_clerk: User, django_assert_max_num_queries: Any
) -> None:
    found = imported(as_csv(rows(120)), county_clerk)
    address = reverse("spreadsheets:import", args=[found.uid])
    with django_assert_max_num_queries(14):
        page = clerk.get(address, {"kind": "created"}).content.decode()
    assert page.count('<th scope="row">') == 50 and "from=50" in page
    assert clerk.get(address, {"from": "100"}).content.decode().count('<th scope="row">') == 20
    assert clerk.get(address, {"kind": "refused", "from": "x"}).status_code == 200


def test_the_list_costs_the_same_however_long_it_is(
    clerk: Client, county_clerk: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        uploaded(as_csv(rows(2)), county_clerk)
    with django_assert_max_num_queries(12):
        page = clerk.get(reverse("spreadsheets:imports")).content.decode()
    assert page.count("卢峰镇名册.csv") == 4


def test_a_running_import_shows_how_far_it_is_and_asks_to_load_again_at_its_end(
    clerk: Client, county_clerk: User
) -> None:
    found = uploaded(as_csv(rows(3)), county_clerk)
    services.start(uid=found.uid, by=county_clerk)
    address = reverse("spreadsheets:progress", args=[found.uid])
    running = clerk.get(address)
    assert "HX-Refresh" not in running and reverse("spreadsheets:stop", args=[found.uid]) in running.content.decode()
    jobs.run_all()
    assert clerk.get(address)["HX-Refresh"] == "true"


def test_a_stopped_import_can_go_on_and_a_finished_one_comes_back_as_a_workbook(
    clerk: Client, county_clerk: User
) -> None:
    found = uploaded(as_csv(rows(3)), county_clerk)
    services.start(uid=found.uid, by=county_clerk)
    clerk.post(reverse("spreadsheets:stop", args=[found.uid]))
    assert (
        reverse("spreadsheets:resume", args=[found.uid])
        in clerk.get(reverse("spreadsheets:import", args=[found.uid])).content.decode()
    )
    clerk.post(reverse("spreadsheets:resume", args=[found.uid]))
    jobs.run_all()
    workbook = clerk.get(reverse("spreadsheets:download", args=[found.uid]))
    assert b"".join(workbook.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_a_file_is_read_another_way_as_an_import_of_its_own(clerk: Client, county_clerk: User) -> None:
    found = imported(as_csv(rows(3)), county_clerk)
    answer = clerk.post(reverse("spreadsheets:again", args=[found.uid]), follow=True)
    again = Import.objects.latest("id")
    assert again.uid != found.uid and answer.redirect_chain[-1][0].endswith(f"{again.uid}/mapping")
    assert Job.objects.filter(kind="spreadsheets.import").count() == 1


def test_english_readers_get_english(clerk: Client, county_clerk: User) -> None:
    found = imported(as_csv(rows(3)), county_clerk)
    page = clerk.get(reverse("spreadsheets:import", args=[found.uid]), headers={"accept-language": "en"})
    assert "3 rows taken" in page.content.decode() and "New in the register." in page.content.decode()
