"""What the mark on every page says of the demonstration: how much of the city its people are."""

from functools import lru_cache

from django.utils.translation import gettext as _

from yinling.city.models import Build


def scale_words() -> str:
    """People at 2 %; empty for a whole city, and where people are real. Asked once per process."""
    scale = _scale()
    return "" if scale in (None, 1.0) else _("people at {percent}%").format(percent=f"{scale * 100:g}")


@lru_cache(maxsize=1)
def _scale() -> float | None:
    return Build.objects.values_list("scale", flat=True).order_by("-id").first()
