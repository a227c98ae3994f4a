"""Photos: whatever was uploaded becomes a small RGB JPEG of ours, or is refused."""

import hashlib
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from certs.people.errors import PhotoRefused

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 24_000_000
LEAST_SIDE = 120
BOX = (480, 640)
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class EncodedPhoto:
    """A photo as it is stored: JPEG, RGB, upright, at most 480 x 640, without metadata."""

    jpeg: bytes
    width: int
    height: int
    sha256: str


def encode_photo(data: bytes) -> EncodedPhoto:
    """Return the upload re-encoded; raises PhotoRefused for what is no photo, too large or too small."""
    if len(data) > MOST_BYTES:
        raise PhotoRefused(_("照片文件超过 5 MB。"), remedy=_("请缩小后再上传。"))
    # WeasyPrint switches this on for the whole process when it is imported; half a face is no photo.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            # The header is believed for refusing only; nothing is decoded before this line.
            if image.width * image.height > MOST_PIXELS:
                raise PhotoRefused(_("照片像素过多。"), remedy=_("请缩小到 2400 万像素以内再上传。"))
            if min(image.size) < LEAST_SIDE:
                raise PhotoRefused(
                    _("照片太小，印在证书上会模糊。"), remedy=_("请上传宽和高都不少于 120 像素的照片。")
                )
            upright = _as_rgb(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefused(_("照片像素过多。"), remedy=_("请缩小到 2400 万像素以内再上传。")) from error
    except PhotoRefused:
        raise
    except Exception as error:  # decoders raise many kinds on broken files; each means the same to the user
        raise PhotoRefused(
            _("无法读取这个文件。"), remedy=_("请上传完好的 JPEG、PNG 或 WebP 照片。")
        ) from error
    upright.thumbnail(BOX, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=88, optimize=True)
    jpeg = buffer.getvalue()
    return EncodedPhoto(jpeg, upright.width, upright.height, hashlib.sha256(jpeg).hexdigest())


def _as_rgb(image: Image.Image) -> Image.Image:
    """Return a fresh RGB picture (transparent parts white), so that no metadata comes along."""
    if image.mode.startswith(("I", "F")):  # 16-bit grey
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        ground.alpha_composite(layered)
        image = ground
    fresh = Image.new("RGB", image.size)
    fresh.paste(image.convert("RGB"))
    return fresh
