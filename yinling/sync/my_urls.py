"""What phones ask, under /my/sync/."""

from django.urls import path

from yinling.sync.views import exchange

app_name = "my_sync"
urlpatterns = [
    path("open", exchange.open_, name="open"),
    path("exchange", exchange.exchange, name="exchange"),
    path("standing", exchange.standing, name="standing"),
    path("pieces/<str:digest>", exchange.piece, name="piece"),
]
