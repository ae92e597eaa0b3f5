"""Addresses of the register, mounted at /work/people/."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from yinling.people.views import (
    around,
    consents,
    doubts,
    edits,
    inquiries,
    lists,
    looks,
    merging,
    person,
    photos,
    shared,
)
from yinling.people.views.changing import readers

app_name = "people"


def of_person(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """A page about one person: for those who read files. A grant alone opens what the module that gave it shows."""
    return path(f"<uuid:uid>/{route}", readers(view), name=name)


urlpatterns = [
    path("", lists.person_list, name="list"),
    path("lists/save", lists.save_list, name="save_list"),
    path("lists/<int:pk>/forget", lists.forget_list, name="forget_list"),
    path("names", lists.names, name="names"),
    path("export", lists.export, name="export"),
    path("new", edits.register, name="register"),
    path("shared", shared.shared, name="shared"),
    path("doubts/", doubts.doubt_list, name="doubts"),
    path("doubts/<uuid:uid>", doubts.doubt, name="doubt"),
    path("transfers/", doubts.transfer_list, name="transfers"),
    path("transfers/<uuid:uid>", doubts.answer, name="answer_transfer"),
    path("looks/", looks.look_list, name="looks"),
    path("inquiries/", inquiries.inquiry_list, name="inquiries"),
    path("inquiries/<uuid:uid>", inquiries.inquiry, name="inquiry"),
    of_person("", person.person, "person"),
    of_person("show", person.show, "show"),
    of_person("receipt", person.receipt, "receipt"),
    of_person("panel/card", person.panel_card, "panel_card"),
    of_person("panel/kin", person.panel_kin, "panel_kin"),
    of_person("panel/consents", person.panel_consents, "panel_consents"),
    of_person("panel/looks", person.panel_looks, "panel_looks"),
    of_person("panel/history", person.panel_history, "panel_history"),
    of_person("correct", edits.correct, "correct"),
    of_person("move", edits.move, "move"),
    of_person("death", edits.death, "death"),
    of_person("death/reverse", edits.reverse_death, "reverse_death"),
    of_person("transfer", edits.transfer, "transfer"),
    of_person("category", edits.category, "category"),
    of_person("category/end", edits.leave_category, "leave_category"),
    of_person("photo", photos.photo, "photo"),
    of_person("photo/change", photos.change_photo, "change_photo"),
    of_person("photo/remove", photos.remove_photo, "remove_photo"),
    of_person("household", around.household, "household"),
    of_person("kin", around.kin, "kin"),
    of_person("kin/<uuid:kin_uid>", around.correct_kin, "correct_kin"),
    of_person("kin/<uuid:kin_uid>/end", around.end_kin, "end_kin"),
    of_person("guardian", around.guardian, "guardian"),
    of_person("guardian/<uuid:guardian_uid>/end", around.end_guardian, "end_guardian"),
    of_person("guardian/<uuid:guardian_uid>/proof", around.proof, "proof"),
    of_person("consent", consents.consent, "consent"),
    of_person("consent/<uuid:consent_uid>", consents.consent_sheet, "consent_sheet"),
    of_person("consent/<uuid:consent_uid>/withdraw", consents.withdraw, "withdraw"),
    of_person("consent/<uuid:consent_uid>/attach", consents.attach_sheet, "attach_sheet"),
    of_person("consent/<uuid:consent_uid>/signed", consents.signed_sheet, "signed_sheet"),
    of_person("willingness", consents.willingness, "willingness"),
    of_person("merge", merging.merge, "merge"),
    of_person("unmerge", merging.unmerge, "unmerge"),
    of_person("inquiry", inquiries.open_inquiry, "open_inquiry"),
]
