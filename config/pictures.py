"""Uploaded pictures: decoded with care, and returned as fresh pixels without metadata."""

import io
from collections.abc import Sequence
from enum import Enum

from PIL import Image, ImageFile, ImageOps


class PictureFault(Enum):
    """Why an upload is not taken."""

    BYTES = "bytes"
    PIXELS = "pixels"
    SMALL = "small"
    UNREADABLE = "unreadable"


class PictureInvalid(Exception):
    """The upload is not taken; `fault` says why."""

    def __init__(self, fault: PictureFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


def read_picture(
    data: bytes, *, formats: Sequence[str], most_bytes: int, most_pixels: int, least_side: int
) -> Image.Image:
    """Return an upload upright in RGB (transparent parts white); raises PictureInvalid."""
    if len(data) > most_bytes:
        raise PictureInvalid(PictureFault.BYTES)
    # WeasyPrint switches this on for the whole process when it is imported; half a picture is none.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(data), formats=list(formats)) as image:
            # The header is believed for refusing only; nothing is decoded before this line.
            if image.width * image.height > most_pixels:
                raise PictureInvalid(PictureFault.PIXELS)
            if min(image.size) < least_side:
                raise PictureInvalid(PictureFault.SMALL)
            return as_rgb(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureInvalid(PictureFault.PIXELS) from error
    except PictureInvalid:
        raise
    except Exception as error:  # decoders raise many kinds on broken files; each means the same to the user
        raise PictureInvalid(PictureFault.UNREADABLE) from error


def as_rgb(image: Image.Image) -> Image.Image:
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
