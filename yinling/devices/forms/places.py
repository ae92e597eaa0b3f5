"""Where a device is to stand. First the kind of place is chosen, then what lies in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.devices.models import Profile
from yinling.devices.services import Spot
from yinling.institutions.models import Bed, Institution, Room, Stay
from yinling.kernel.actors import Actor
from yinling.kernel.names import mask_name
from yinling.people.models import Person
from yinling.people.queries import Filters, find_persons
from yinling.reference.queries import choices

NONE_CHOSEN = ("", "—")
MOST_HOMES = 500


class SpotForm(forms.Form):
    """Which spot of the place."""

    spot = forms.ChoiceField(label=_("Spot"))
    words = forms.CharField(label=_("The spot in words"), max_length=60, required=False)

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = profile
        found = [NONE_CHOSEN, *choices("device_spot")]
        self.fields["spot"].choices = found  # type: ignore[attr-defined]
        if profile.data.get("is_worn"):
            self.fields["spot"].initial = "worn"


class PlaceForm(SpotForm):
    """Outside institutions: the home of a person (by name or number), or a public place of a division."""

    who = forms.CharField(label=_("Whose home: name, document or telephone number"), max_length=60, required=False)
    place_key = forms.IntegerField(label=_("Or a public place: code of the village (12 digits)"), required=False)
    field_order = ("who", "place_key", "spot", "words")

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        for name, where in (("who", "home"), ("place_key", "public")):
            if where not in self.profile.data["stands"]:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two, and exactly one person."""
        data = super().clean() or {}
        who, key = str(data.get("who") or "").strip(), data.get("place_key")
        if bool(who) == bool(key):
            raise forms.ValidationError(_("State either whose home it is, or the code of the public place."))
        self.person = self._person(who) if who else None
        return data

    def _person(self, who: str) -> Person | None:
        found = find_persons(Filters(text=who), by=self.by).persons
        if len(found) != 1:
            self.add_error("who", _("This names no single person of your divisions. Use the document number."))
            return None
        return found[0]

    def asked(self) -> Spot:
        """What was chosen, as the services take it."""
        data = self.cleaned_data
        return Spot(
            person=self.person, place_key=data.get("place_key") or 0, spot=data["spot"], words=data["words"]
        )  # fmt: skip


class InRoomForm(SpotForm):
    """Inside an institution: a room, a bed, a resident, or neither."""

    room = forms.ChoiceField(label=_("Room"), required=False)
    bed = forms.ChoiceField(label=_("Bed"), required=False)
    resident = forms.ChoiceField(label=pgettext_lazy("device", "Worn by"), required=False)
    field_order = ("room", "bed", "resident", "spot", "words")

    def __init__(self, *args: Any, home: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home = home
        if self.profile.data.get("is_worn"):
            del self.fields["room"], self.fields["bed"]
            self._fill("resident", [(one.uid, mask_name(one.name)) for one in _residents(home)])
            return
        del self.fields["resident"]
        rooms = Room.objects.filter(floor__building__institution=home).select_related("floor__building")
        named = [(one.pk, f"{one.floor.building.name} {one.number}") for one in rooms.order_by("number", "id")]
        self._fill("room", named)
        beds = Bed.objects.filter(institution=home).select_related("room").order_by("room__number", "label", "id")
        self._fill("bed", [(one.uid, str(one)) for one in beds])

    def _fill(self, name: str, rows: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = [NONE_CHOSEN, *((str(key), words) for key, words in rows)]  # type: ignore[attr-defined]

    def asked(self) -> Spot:
        """What was chosen, as the services take it."""
        data = self.cleaned_data
        room = Room.objects.filter(pk=data["room"]).first() if data.get("room") else None
        bed = Bed.objects.select_related("room").get(uid=data["bed"]) if data.get("bed") else None
        person = Person.objects.get(uid=data["resident"]) if data.get("resident") else None
        return Spot(self.home, room or (bed.room if bed else None), bed, person, spot=data["spot"], words=data["words"])


def _residents(home: Institution) -> list[Person]:
    stays = Stay.objects.present().filter(institution=home).select_related("person").order_by("person__name_key", "id")
    return [stay.person for stay in stays]
