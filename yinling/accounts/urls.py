"""Pages under /work/accounts/."""

from django.urls import path

from yinling.accounts.views import entrance, moves, own, tokens, users

app_name = "accounts"
urlpatterns = [
    path("", users.users, name="users"),
    path("users/new/", users.new_user, name="new_user"),
    path("users/<uuid:uid>/", users.user_page, name="user"),
    path("users/<uuid:uid>/change/", users.change, name="change"),
    path("users/<uuid:uid>/assign/", users.assign, name="assign"),
    path("users/<uuid:uid>/send/", users.send, name="send"),
    path("users/<uuid:uid>/close/", users.close, name="close"),
    path("users/<uuid:uid>/password/", users.new_password, name="new_password"),
    path("assignments/<uuid:uid>/end/", users.end_role, name="end_role"),
    path("roles/", users.roles, name="roles"),
    path("log-ins/", users.log_ins, name="log_ins"),
    path("moves/", moves.moves, name="moves"),
    path("moves/<uuid:uid>/answer/", moves.answer, name="answer_move"),
    path("tokens/", tokens.overseen, name="tokens"),
    path("tokens/<uuid:uid>/collect/", tokens.collect, name="collect_token"),
    path("tokens/<uuid:uid>/revoke/", tokens.revoke, name="revoke_token"),
    path("users/<uuid:uid>/token/", tokens.grant, name="grant_token"),
    path("me/tokens/", tokens.own_tokens, name="own_tokens"),
    path("me/", own.own_page, name="own"),
    path("me/pin/", own.set_pin, name="set_pin"),
    path("me/here/", own.know_here, name="know_here"),
    path("me/sessions/<slug:key>/end/", own.end_session, name="end_session"),
    path("loans/", own.loans, name="loans"),
    path("switch/", entrance.switch, name="switch"),
]
