"""What a picture must not tell: where, when and with what it was taken.

Every picture is turned upright and written anew, so that nothing but what one sees in it is kept: no position of
somebody's house, no serial number of a camera, no second picture or film behind the first. Whoever needs the time and
the position as evidence (an inspection) reads them from what was sent, before it is stored.
HEIC is refused (`services`): few browsers show it, and the library that reads it brings an encoder under the GPL along.
Phones send JPEG themselves where a page asks for it.
"""

import io
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

WRITTEN_ANEW = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST_PIXELS = 64_000_000  # a phone's camera at its finest; decoded it takes 200 MB for a moment
KEPT = ("icc_profile", "transparency")  # of what a file says beside its pixels: both change what one sees
TURNED_QUALITY = 92


class Unreadable(Exception):
    """It begins like a picture and is none, or is damaged."""


class TooManyPixels(Exception):
    """A small file that would fill the memory once it is opened."""

    def __init__(self, pixels: int) -> None:
        super().__init__(pixels)
        self.pixels = pixels


def clean(content: bytes, media_type: str) -> bytes:
    """The picture, upright, and nothing else. Raises Unreadable, TooManyPixels."""
    written = WRITTEN_ANEW[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=[written]) as picture:
            if (pixels := picture.width * picture.height) > MOST_PIXELS:
                raise TooManyPixels(pixels)
            picture.load()
            return _written(_upright(picture), written)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(str(error)) from error


def _upright(picture: Image.Image) -> Image.Image:
    """As the camera was held. A picture that stands already is left as it is, which spares it a loss."""
    if picture.getexif().get(ExifTags.Base.Orientation, 1) == 1:
        return picture
    return ImageOps.exif_transpose(picture)


def _written(picture: Image.Image, written: str) -> bytes:
    told: dict[str | tuple[int, int], Any] = {key: picture.info[key] for key in KEPT if key in picture.info}
    quality = "keep" if picture.format == "JPEG" else TURNED_QUALITY
    if picture.mode == "CMYK":
        picture, quality = picture.convert("RGB"), TURNED_QUALITY
    picture.info = told
    out = io.BytesIO()
    choices = {"quality": quality} if written != "PNG" else {}
    picture.save(out, written, icc_profile=told.get("icc_profile"), **choices)
    return out.getvalue()
