"""Before a day is played, what an earlier one left open is settled: it would swallow the alerts of this one."""

from collections.abc import Collection

from yinling.kernel.actors import System
from yinling.supervision.models import Alert
from yinling.supervision.rules import OPEN
from yinling.supervision.services import arrive, close_alert, resolve_alert, verify_alert

DOER = System("the demonstration's day")
CHECKER = System("the demonstration's day, second look", uid="00000000-0000-7000-8000-000000000001")
WORDS = "演示重新开始"


def settle(scopes: Collection[str]) -> int:
    """Close every alert about these scopes as a rescuer and a second person would. Returns how many."""
    found = [alert for alert in Alert.objects.unclosed().order_by("id") if alert.scope in scopes]
    for alert in found:
        if alert.state in OPEN - {"on_site"}:
            arrive(uid=alert.uid, by=DOER)
        alert.refresh_from_db()
        if alert.state == Alert.State.ON_SITE:
            resolve_alert(uid=alert.uid, by=DOER, note=WORDS)
        alert.refresh_from_db()
        if alert.state == Alert.State.RESOLVED:
            verify_alert(uid=alert.uid, by=CHECKER, is_right=True, note=WORDS)
        alert.refresh_from_db()
        if alert.state == Alert.State.VERIFIED:
            close_alert(uid=alert.uid, by=CHECKER)
    return len(found)
