"""Addresses of the ledger, under /work/ledger/."""

from django.urls import path

from yinling.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("proof/", views.proof, name="proof"),
    path("proof/start/", views.prove, name="prove"),
    path("proof/progress/", views.progress, name="progress"),
    path("person/<uuid:uid>/panel/", views.person_panel, name="person_panel"),
    path("institution/<uuid:uid>/panel/", views.institution_panel, name="institution_panel"),
    path("<uuid:uid>/", views.account, name="statement"),
    path("<uuid:uid>/print/", views.printed, name="print"),
    path("<uuid:uid>/back/<uuid:transfer>/", views.take_back, name="take_back"),
    path("<uuid:uid>/export/", views.export, name="export"),
]
