"""Pictures as cameras send them: real JPEG and PNG, with what the camera writes into them."""

import io
import random

from PIL import ExifTags, Image

BESIDE = ("comment", "xmp", "exif", "XML:com.adobe.xmp")


def a_png(seed: int = 1, size: tuple[int, int] = (8, 8)) -> bytes:
    """A small PNG, another for each seed; the platform keeps it byte by byte."""
    return _bytes(_noise(seed, size), "PNG")


def a_jpeg(seed: int = 1, size: tuple[int, int] = (64, 48), orientation: int = 1) -> bytes:
    """A photo with position, time, camera and comment, held as `orientation` says."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "HUAWEI", "P60"
    exif[ExifTags.Base.Orientation] = orientation
    facts = exif.get_ifd(ExifTags.IFD.Exif)
    facts[ExifTags.Base.DateTimeOriginal], facts[ExifTags.Base.BodySerialNumber] = "2026:11:20 09:30:00", "SN-4417"
    spot = exif.get_ifd(ExifTags.IFD.GPSInfo)
    spot[ExifTags.GPS.GPSLatitudeRef], spot[ExifTags.GPS.GPSLatitude] = "N", (27.0, 54.0, 18.0)
    spot[ExifTags.GPS.GPSLongitudeRef], spot[ExifTags.GPS.GPSLongitude] = "E", (110.0, 35.0, 34.8)
    return _bytes(_noise(seed, size), "JPEG", exif=exif, comment=b"taken at the elder's house")


def told_by(content: bytes) -> dict[str, object]:
    """What a picture says beside its pixels: EXIF, position, comment, XMP."""
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        exif = picture.getexif()
        inner = {**exif.get_ifd(ExifTags.IFD.Exif), **exif.get_ifd(ExifTags.IFD.GPSInfo)}
        beside = {
            key: picture.info[key] for key in ("comment", "xmp", "exif", "XML:com.adobe.xmp") if key in picture.info
        }
        return {**{str(tag): value for tag, value in {**exif, **inner}.items()}, **beside}


def _noise(seed: int, size: tuple[int, int]) -> Image.Image:
    dice = random.Random(seed)
    small = Image.new("RGB", (4, 4))
    small.putdata([(dice.randrange(256), dice.randrange(256), dice.randrange(256)) for _ in range(16)])
    return small.resize(size)


def _bytes(picture: Image.Image, kind: str, **words: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **words)
    return out.getvalue()
