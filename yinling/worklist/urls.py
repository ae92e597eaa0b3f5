"""Addresses of the worklist, under /work/worklist/."""

from django.urls import path

from yinling.worklist import views

app_name = "worklist"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("list/", views.fragment, name="list"),
    path("late/", views.late, name="late"),
    path("late/panel/", views.late_panel, name="late_panel"),
    path("<uuid:uid>/", views.item, name="item"),
    path("<uuid:uid>/close/", views.close, name="close"),
    path("<uuid:uid>/pause/", views.pause, name="pause"),
    path("<uuid:uid>/resume/", views.resume, name="resume"),
    path("<uuid:uid>/assign/", views.assign, name="assign"),
    path("<uuid:uid>/hand-over/", views.hand_over, name="hand_over"),
    path("<uuid:uid>/receive/", views.receive, name="receive"),
]
