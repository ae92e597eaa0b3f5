"""Addresses of the register, mounted at /work/people/."""

from django.urls import path

from yinling.people.views import doubts, edits, lists, person

app_name = "people"
urlpatterns = [
    path("", lists.person_list, name="list"),
    path("lists/save", lists.save_list, name="save_list"),
    path("lists/<int:pk>/forget", lists.forget_list, name="forget_list"),
    path("names", lists.names, name="names"),
    path("export", lists.export, name="export"),
    path("new", edits.register, name="register"),
    path("doubts/", doubts.doubt_list, name="doubts"),
    path("doubts/<uuid:uid>", doubts.doubt, name="doubt"),
    path("transfers/", doubts.transfer_list, name="transfers"),
    path("transfers/<uuid:uid>", doubts.answer, name="answer_transfer"),
    path("<uuid:uid>/", person.person, name="person"),
    path("<uuid:uid>/show", person.show, name="show"),
    path("<uuid:uid>/receipt", person.receipt, name="receipt"),
    path("<uuid:uid>/panel/card", person.panel_card, name="panel_card"),
    path("<uuid:uid>/panel/kin", person.panel_kin, name="panel_kin"),
    path("<uuid:uid>/panel/consents", person.panel_consents, name="panel_consents"),
    path("<uuid:uid>/panel/looks", person.panel_looks, name="panel_looks"),
    path("<uuid:uid>/panel/history", person.panel_history, name="panel_history"),
    path("<uuid:uid>/correct", edits.correct, name="correct"),
    path("<uuid:uid>/move", edits.move, name="move"),
    path("<uuid:uid>/death", edits.death, name="death"),
    path("<uuid:uid>/death/reverse", edits.reverse_death, name="reverse_death"),
    path("<uuid:uid>/transfer", edits.transfer, name="transfer"),
    path("<uuid:uid>/category", edits.category, name="category"),
    path("<uuid:uid>/kin", edits.kin, name="kin"),
    path("<uuid:uid>/consent", edits.consent, name="consent"),
    path("<uuid:uid>/willingness", edits.willingness, name="willingness"),
    path("<uuid:uid>/merge", doubts.merge, name="merge"),
    path("<uuid:uid>/unmerge", doubts.unmerge, name="unmerge"),
]
