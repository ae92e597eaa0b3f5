"""The log-in pages of django-allauth that we use, under their own names. Mounted at /accounts/ instead of
`allauth.urls`: no sign-up, no e-mail, no reset by e-mail, so fewer doors to watch.
"""

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("2fa/", include("allauth.mfa.urls")),
]
