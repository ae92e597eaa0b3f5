"""Addresses of care, under /work/care/. One block for each subject."""

from django.urls import URLPattern, path

from yinling.care.views import beds as bed_views
from yinling.care.views import doubts as doubt_views
from yinling.care.views import making, paper, plan_lines, round_stops
from yinling.care.views import pairings as pairing_views
from yinling.care.views import plans as plan_views
from yinling.care.views import rounds as round_views
from yinling.care.views import sessions as session_views
from yinling.care.views import visitors as visitor_views
from yinling.care.views import visits as visit_views

app_name = "care"
visits: list[URLPattern] = [
    path("visits/", visit_views.visit_list, name="visits"),
    path("visits/mine/", making.today, name="my_visits"),
    path("visits/coverage/", visit_views.coverage, name="coverage"),
    path("visits/rules/", visit_views.rules, name="visit_rules"),
    path("visits/spells/declare", visit_views.declare, name="declare_spell"),
    path("visits/spells/<uuid:uid>/withdraw", visit_views.withdraw, name="withdraw_spell"),
    path("visits/doubts/", doubt_views.doubt_list, name="doubts"),
    path("visits/doubts/<uuid:uid>/", doubt_views.doubt, name="doubt"),
    path("visits/sheets/", paper.sheets, name="sheets"),
    path("visits/sheets/<uuid:uid>", paper.sheet, name="sheet"),
    path("visits/enter/", paper.enter, name="enter"),
    path("visits/panel/<uuid:uid>", visit_views.panel, name="visits_panel"),
    path("visits/person/<uuid:uid>/own", making.own, name="own_visit"),
    path("visits/person/<uuid:uid>/risk", visit_views.tier, name="tier"),
    path("visits/person/<uuid:uid>/door", making.door_card, name="door_card"),
    path("visits/photos/<uuid:uid>", visit_views.photo, name="visit_photo"),
    path("visits/<uuid:uid>/", visit_views.visit, name="visit"),
    path("visits/<uuid:uid>/record", making.record, name="record_visit"),
    path("visits/<uuid:uid>/attempt", making.attempt, name="attempt"),
    path("visits/<uuid:uid>/photo", making.add_photo, name="add_photo"),
    path("visits/<uuid:uid>/take-back", visit_views.take_back, name="take_back"),
    path("visits/<uuid:uid>/void", visit_views.void, name="void_visit"),
    path("door/<str:token>", making.door, name="door"),
]
pairings: list[URLPattern] = [
    path("visitors/", visitor_views.visitor_list, name="visitors"),
    path("visitors/new", visitor_views.add, name="visitor_add"),
    path("visitors/<uuid:uid>/", visitor_views.visitor, name="visitor"),
    path("visitors/<uuid:uid>/change", visitor_views.change, name="visitor_change"),
    path("visitors/<uuid:uid>/end", visitor_views.end, name="visitor_end"),
    path("visitors/<uuid:uid>/substitute", visitor_views.substitute, name="visitor_substitute"),
    path("visitors/<uuid:uid>/print", visitor_views.printed, name="visitor_print"),
    path("pairings/", pairing_views.proposal_list, name="proposals"),
    path("pairings/panel/<uuid:uid>", pairing_views.panel, name="pairings_panel"),
    path("pairings/person/<uuid:uid>/", pairing_views.choose, name="pair_choose"),
    path("pairings/person/<uuid:uid>/pair", pairing_views.pair, name="pair"),
    path("pairings/person/<uuid:uid>/wish", pairing_views.wish, name="wish"),
    path("pairings/<uuid:uid>/end", pairing_views.end, name="pairing_end"),
    path("pairings/proposals/<uuid:uid>/", pairing_views.proposal, name="proposal"),
    path("pairings/proposals/<uuid:uid>/progress", pairing_views.progress, name="proposal_progress"),
    path("pairings/proposals/<uuid:uid>/<slug:verb>", pairing_views.settle, name="proposal_settle"),
]
plans: list[URLPattern] = [
    path("plans/", plan_views.plan_list, name="plans"),
    path("plans/sessions/", session_views.session_list, name="sessions"),
    path("plans/write/<uuid:uid>", plan_views.write, name="plan_write"),
    path("plans/panel/<uuid:uid>", plan_views.panel, name="plans_panel"),
    path("plans/<uuid:uid>/", plan_views.plan, name="plan"),
    path("plans/<uuid:uid>/agree", plan_views.agree, name="plan_agree"),
    path("plans/<uuid:uid>/review", plan_views.review, name="plan_review"),
    path("plans/<uuid:uid>/end", plan_views.end, name="plan_end"),
    path("plans/<uuid:uid>/print", plan_views.printed, name="plan_print"),
    path("plans/<uuid:uid>/report", plan_views.report, name="plan_report"),
    path("plans/<uuid:uid>/goal", plan_lines.add_goal, name="goal_add"),
    path("plans/<uuid:uid>/line", plan_lines.add_line, name="line_add"),
    path("plans/<uuid:uid>/part", plan_lines.add_part, name="part_add"),
    path("plans/goals/<uuid:uid>/measure", plan_lines.measure, name="goal_measure"),
    path("plans/goals/<uuid:uid>/end", plan_lines.end_goal, name="goal_end"),
    path("plans/lines/<uuid:uid>/end", plan_lines.end_line, name="line_end"),
    path("plans/parts/<uuid:uid>/give", plan_lines.give_part, name="part_give"),
    path("plans/parts/<uuid:uid>/end", plan_lines.end_part, name="part_end"),
    path("plans/sessions/<uuid:uid>/hold", session_views.hold, name="session_hold"),
    path("plans/sessions/<uuid:uid>/miss", session_views.miss, name="session_miss"),
    path("plans/sessions/<uuid:uid>/cancel", session_views.cancel, name="session_cancel"),
    path("plans/sessions/<uuid:uid>/back", session_views.take_back, name="session_back"),
]
beds: list[URLPattern] = [
    path("beds/", bed_views.bed_list, name="beds"),
    path("beds/apply/<uuid:uid>", bed_views.apply, name="bed_apply"),
    path("beds/panel/<uuid:uid>", bed_views.panel, name="bed_panel"),
    path("beds/<uuid:uid>/", bed_views.bed, name="bed"),
    path("beds/<uuid:uid>/decide", bed_views.decide, name="bed_decide"),
    path("beds/<uuid:uid>/set-up", bed_views.set_up, name="bed_set_up"),
    path("beds/<uuid:uid>/call", bed_views.call, name="bed_call"),
    path("beds/<uuid:uid>/close", bed_views.close, name="bed_close"),
    path("beds/<uuid:uid>/print", bed_views.printed, name="bed_print"),
    path("beds/calls/<uuid:uid>/answer", bed_views.answer, name="bed_answer"),
]
rounds: list[URLPattern] = [
    path("rounds/", round_views.round_list, name="rounds"),
    path("rounds/mine/", round_views.mine, name="my_round"),
    path("rounds/jobs/<uuid:uid>/cancel", round_views.cancel, name="rounds_cancel"),
    path("rounds/<uuid:uid>/", round_views.day_plan, name="day_plan"),
    path("rounds/<uuid:uid>/publish", round_views.publish, name="rounds_publish"),
    path("rounds/<uuid:uid>/compare", round_views.compare, name="rounds_compare"),
    path("rounds/<uuid:uid>/news", round_stops.news, name="rounds_news"),
    path("rounds/<uuid:uid>/print/<uuid:visitor>", round_views.printed, name="round_print"),
    path("rounds/stops/<uuid:uid>/", round_stops.stop_page, name="round_stop"),
    path("rounds/stops/<uuid:uid>/costs", round_stops.costs, name="round_costs"),
    path("rounds/stops/<uuid:uid>/move", round_stops.move, name="round_move"),
    path("rounds/stops/<uuid:uid>/<slug:how>", round_stops.fix, name="round_fix"),
]
urlpatterns = [*visits, *pairings, *plans, *beds, *rounds]
