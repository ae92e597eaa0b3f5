"""Pages for those who look after phones, under /work/sync/."""

from django.urls import path

from yinling.sync.views import phones

app_name = "sync"
urlpatterns = [
    path("phones/", phones.phone_list, name="phones"),
    path("phones/<uuid:uid>/lost", phones.lost, name="lost"),
]
