"""Addresses of inspections, under /work/inspections/."""

from django.urls import path

from yinling.inspections.views import board, draws, hazards, lists, visits

app_name = "inspections"
urlpatterns = [
    path("", lists.inspection_list, name="list"),
    path("new", lists.choose_home, name="choose_home"),
    path("new/<uuid:uid>", lists.plan, name="plan"),
    path("self-check/<uuid:uid>", lists.self_check, name="self_check"),
    path("checklists/", lists.checklists, name="checklists"),
    path("interests/", lists.interests, name="interests"),
    path("interests/<uuid:uid>/withdraw", lists.withdraw_interest, name="withdraw_interest"),
    path("board/", board.board, name="board"),
    path("home/<uuid:uid>/panel", board.panel, name="panel"),
    path("photos/<uuid:uid>", visits.photo, name="photo"),
    path("draws/", draws.draw_list, name="draws"),
    path("draws/new", draws.open_one, name="open_draw"),
    path("draws/<uuid:uid>/", draws.draw, name="draw"),
    path("draws/<uuid:uid>/close", draws.close, name="close_list"),
    path("draws/<uuid:uid>/reveal", draws.reveal, name="reveal"),
    path("draws/<uuid:uid>/abandon", draws.abandon, name="abandon"),
    path("draws/<uuid:uid>/whole.json", draws.whole_record, name="whole_record"),
    path("hazards/", hazards.hazard_list, name="hazards"),
    path("hazards/new/<uuid:uid>", hazards.find, name="find_hazard"),
    path("hazards/<uuid:uid>/", hazards.hazard, name="hazard"),
    path("hazards/<uuid:uid>/grade", hazards.grade, name="grade"),
    path("hazards/<uuid:uid>/notice", hazards.notice, name="notice"),
    path("hazards/<uuid:uid>/notice.pdf", hazards.notice_pdf, name="notice_pdf"),
    path("hazards/<uuid:uid>/photo/<slug:stage>", hazards.photograph, name="photograph"),
    path("hazards/<uuid:uid>/submit", hazards.submit, name="submit"),
    path("hazards/<uuid:uid>/recheck", hazards.recheck, name="recheck"),
    path("hazards/<uuid:uid>/extend", hazards.extend, name="extend"),
    path("hazards/<uuid:uid>/decide", hazards.decide, name="decide"),
    path("hazards/<uuid:uid>/list", hazards.list_it, name="list_hazard"),
    path("hazards/<uuid:uid>/report", hazards.report, name="report"),
    path("hazards/<uuid:uid>/shut", hazards.shut, name="shut"),
    path("hazards/<uuid:uid>/void", hazards.void, name="void_hazard"),
    path("<uuid:uid>/", lists.inspection, name="inspection"),
    path("<uuid:uid>/checklist", visits.checklist, name="checklist"),
    path("<uuid:uid>/check-in", visits.check_in, name="check_in"),
    path("<uuid:uid>/item/<str:item>", visits.item, name="item"),
    path("<uuid:uid>/around", visits.around, name="around"),
    path("<uuid:uid>/sign", visits.sign, name="sign"),
    path("<uuid:uid>/void", lists.void, name="void"),
    path("<uuid:uid>/pdf", visits.pdf, name="pdf"),
]
