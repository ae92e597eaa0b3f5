"""A register of many devices in a home of its own: `python -m yinling.benches._devices COUNT`, run in that home.

Device 1 is a gateway; the others are smoke detectors that hang on it. All stand in public places.
"""

import sys

import django
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

django.setup()

from yinling.devices.models import CareScope, Device, Profile  # noqa: E402  models need the settings first
from yinling.devices.services import load_profiles  # noqa: E402
from yinling.kernel.actors import System  # noqa: E402
from yinling.kernel.clock import now  # noqa: E402
from yinling.kernel.database import bulk_insert, reserve_ids  # noqa: E402
from yinling.kernel.uids import new_uid  # noqa: E402

COLUMNS = (
    "id", "uid", "number", "register_number", "maker", "serial", "profile_id", "gateway_id", "state", "state_why",
    "place_key", "where", "spot", "spot_words", "care_scope_id", "stream_sealed", "created_at",
)  # fmt: skip
PLACE = 431224000000
SCOPES = 500


def fill(count: int) -> None:
    """Make the database, profiles from the pack, and all devices at once."""
    call_command("migrate", verbosity=0)
    file = settings.PACKS_DIR / "national" / "devices.yaml"
    profiles = yaml.safe_load(file.read_text(encoding="utf-8"))
    with transaction.atomic():
        load_profiles(profiles, file=file.name, pack="national", by=System("bench"))
        scopes = [CareScope.objects.create(division=number).pk for number in range(1, SCOPES + 1)]
        kinds = {profile.kind: profile.pk for profile in Profile.objects.all()}
        ids, at = reserve_ids(Device, count), now()
        rows = (
            (
                ids[row], new_uid(), row + 1, f"B{row:07d}", "bench", str(row), kinds["smoke" if row else "gateway"],
                ids[0] if row else None, "active", "", PLACE, "public", "", "", scopes[row % SCOPES], b"", at,
            )
            for row in range(count)
        )  # fmt: skip
        bulk_insert(Device, COLUMNS, rows)


if __name__ == "__main__":
    fill(int(sys.argv[1]))
