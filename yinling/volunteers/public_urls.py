"""The public page of the time bank, at /time-bank/."""

from django.urls import path

from yinling.volunteers.views import public

app_name = "time_bank"
urlpatterns = [path("", public.figures, name="figures")]
