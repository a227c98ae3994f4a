"""Pictures of items: whatever was uploaded becomes a small PNG or JPEG of ours, kept by its digest."""

import datetime
import hashlib
import io

from django.utils.translation import gettext as _
from PIL import Image

from config.pictures import PictureFault, PictureInvalid, read_picture
from exams.bank.errors import PictureRefused
from exams.bank.models import ItemPicture
from exams.bank.queries.single import Someone

MOST_BYTES = 5 * 1024 * 1024
BOX = (1200, 1200)
_MOST_COLOURS = 256  # drawings have few colours and want sharp edges; photographs have thousands
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def keep_picture(*, data: bytes, by: Someone, at: datetime.datetime) -> ItemPicture:
    """Store an upload, re-encoded; the same picture is stored once. Raises PictureRefused."""
    try:
        image = read_picture(
            data, formats=_FORMATS, most_bytes=MOST_BYTES, most_pixels=24_000_000, least_side=8
        )
    except PictureInvalid as invalid:
        raise PictureRefused(*_words(invalid.fault)) from invalid
    image.thumbnail(BOX, Image.Resampling.LANCZOS)
    mime, encoded = _encoded(image)
    picture, _is_new = ItemPicture.objects.get_or_create(
        sha256=hashlib.sha256(encoded).hexdigest(),
        defaults={
            "mime": mime,
            "data": encoded,
            "width": image.width,
            "height": image.height,
            "created_at": at,
            "created_by_id": by.pk,
        },
    )
    return picture


def _encoded(image: Image.Image) -> tuple[str, bytes]:
    buffer = io.BytesIO()
    if image.getcolors(_MOST_COLOURS) is not None:
        image.save(buffer, "PNG", optimize=True)
        return "image/png", buffer.getvalue()
    image.save(buffer, "JPEG", quality=88, optimize=True)
    return "image/jpeg", buffer.getvalue()


def _words(fault: PictureFault) -> tuple[str]:
    words = {
        PictureFault.BYTES: _("图片文件超过 5 MB。请缩小后再上传。"),
        PictureFault.PIXELS: _("图片像素过多。请缩小到 2400 万像素以内再上传。"),
        PictureFault.SMALL: _("图片太小，看不清。"),
        PictureFault.UNREADABLE: _("无法读取这个文件。请上传完好的 PNG、JPEG、GIF 或 WebP 图片。"),
    }
    return (words[fault],)
