"""What a photo says of itself: its perceptual hash, and when and where it was taken."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from yinling.inspections.rules.pictures import HEIGHT, WIDTH, bands, difference_hash
from yinling.kernel.clock import CITY_ZONE

Image.MAX_IMAGE_PIXELS = 100_000_000  # a larger one is no photo of a phone, and would eat the memory


@dataclass(frozen=True)
class Read:
    """What was read. None: the picture does not say, or cannot be read."""

    bands: tuple[int, ...] | None = None
    taken_at: dt.datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


def read(content: bytes) -> Read:
    """Read a photo; one that cannot be read says nothing, it is kept all the same."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            exif = picture.getexif()
            facts, spot = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
            small = picture.convert("L").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return Read()
    return Read(
        bands=bands(difference_hash(small.tobytes())),
        taken_at=_moment(facts),
        longitude=_degrees(spot.get(ExifTags.GPS.GPSLongitude), spot.get(ExifTags.GPS.GPSLongitudeRef), "W", 180),
        latitude=_degrees(spot.get(ExifTags.GPS.GPSLatitude), spot.get(ExifTags.GPS.GPSLatitudeRef), "S", 90),
    )


def _moment(exif: dict[int, Any]) -> dt.datetime | None:
    """When it was taken; a camera without zone tells the city's time."""
    text = str(exif.get(ExifTags.Base.DateTimeOriginal, ""))
    try:
        return dt.datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=CITY_ZONE)
    except ValueError:
        return None


def _degrees(parts: Sequence[Any] | None, side: Any, negative: str, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts or ())
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    return None if not found <= most else -found if side == negative else found
