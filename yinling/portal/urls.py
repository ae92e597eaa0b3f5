"""Public addresses, at the root."""

from django.urls import path

from yinling.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("care/", views.care, name="care"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("prefer/", views.keep_choice, name="prefer"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
]
