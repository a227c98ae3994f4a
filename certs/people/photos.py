"""Photos: whatever was uploaded becomes a small RGB JPEG of ours, or is refused."""

import hashlib
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image

from certs.people.errors import PhotoRefused
from config.pictures import PictureFault, PictureInvalid, read_picture

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
    try:
        upright = read_picture(
            data, formats=_FORMATS, most_bytes=MOST_BYTES, most_pixels=MOST_PIXELS, least_side=LEAST_SIDE
        )
    except PictureInvalid as invalid:
        raise _refusal(invalid.fault) from invalid
    upright.thumbnail(BOX, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=88, optimize=True)
    jpeg = buffer.getvalue()
    return EncodedPhoto(jpeg, upright.width, upright.height, hashlib.sha256(jpeg).hexdigest())


def _refusal(fault: PictureFault) -> PhotoRefused:
    words = {
        PictureFault.BYTES: (_("照片文件超过 5 MB。"), _("请缩小后再上传。")),
        PictureFault.PIXELS: (_("照片像素过多。"), _("请缩小到 2400 万像素以内再上传。")),
        PictureFault.SMALL: (_("照片太小，印在证书上会模糊。"), _("请上传宽和高都不少于 120 像素的照片。")),
        PictureFault.UNREADABLE: (_("无法读取这个文件。"), _("请上传完好的 JPEG、PNG 或 WebP 照片。")),
    }
    message, remedy = words[fault]
    return PhotoRefused(message, remedy=remedy)
