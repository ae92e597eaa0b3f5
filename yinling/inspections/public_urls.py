"""Public addresses of draws, at /draws/: nobody logs in to check a draw."""

from django.urls import path

from yinling.inspections.views import draws

app_name = "public_draws"
urlpatterns = [
    path("", draws.public_list, name="list"),
    path("<uuid:uid>/", draws.public, name="draw"),
    path("<uuid:uid>/record.json", draws.public_record, name="record"),
]
