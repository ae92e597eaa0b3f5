"""Sessions in our own table, keyed by a digest of the cookie: who is logged in where, and one row to delete to end it.

`settings.SESSION_ENGINE` names this file. The asynchronous half comes from Django's base class.
"""

import datetime as dt
import hashlib
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from yinling.accounts.models import Session
from yinling.kernel.clock import now

DEVICE = "device"  # session data: {"address", "agent", "started"}, written at log-in


def digest(session_key: str) -> str:
    """What the table keeps of a session key: 160 bits of SHA-256, as hex."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(SessionBase):
    """Keeps sessions in `accounts.Session`."""

    def load(self) -> dict[str, Any]:
        """The session's data; empty when it has ended or idled out."""
        if self.session_key is not None:
            row = Session.objects.filter(session_key=digest(self.session_key), expire_date__gt=now()).first()
            if row is not None:
                return self.decode(row.session_data)
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        """Whether the key is in use."""
        return Session.objects.filter(session_key=digest(session_key)).exists()

    def create(self) -> None:
        """A new, empty session under a fresh key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # not in the stubs
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises UpdateError when it was ended meanwhile, from another device."""
        if self.session_key is None:
            return self.create()
        row = self._row(self._get_session(no_load=must_create))  # type: ignore[attr-defined]  # not in the stubs
        if must_create:
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:
                raise CreateError from None
            return None
        fields = [field.attname for field in Session._meta.fields if not field.primary_key]
        changed = Session.objects.filter(session_key=row.session_key).update(**{f: getattr(row, f) for f in fields})
        if not changed:
            raise UpdateError
        return None

    def _row(self, data: dict[str, Any]) -> Session:
        device = data.get(DEVICE, {})
        started = device.get("started")
        return Session(
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # not in the stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            address=device.get("address"),
            agent=device.get("agent", ""),
            started_at=dt.datetime.fromisoformat(started) if started else now(),
            seen_at=now(),
        )

    def delete(self, session_key: str | None = None) -> None:
        """End a session; ending one that has ended does nothing."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove what has idled out."""
        Session.objects.filter(expire_date__lt=now()).delete()
