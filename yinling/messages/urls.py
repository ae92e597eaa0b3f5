"""Addresses of messages, under /work/messages/."""

from django.urls import path

from yinling.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("dead/", views.dead, name="dead"),
    path("dead/<uuid:uid>/", views.try_again, name="try_again"),
    path("reach/", views.reach, name="reach"),
    path("<uuid:uid>/", views.read, name="read"),
]
