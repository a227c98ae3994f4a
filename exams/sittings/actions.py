"""Changes centres."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from exams.sittings.errors import CentreCodeTaken
from exams.sittings.models import Centre


@transaction.atomic
def create_centre(*, code: str, name: str, address: str = "") -> Centre:
    """Make a centre, or return the one that has exactly these facts.

    Raises CentreCodeTaken when the code is not four digits or belongs to a centre of another name.
    """
    if not re.fullmatch(r"[0-9]{4}", code):
        raise CentreCodeTaken(_("考点代码 %(code)s 应为四位数字。") % {"code": code}, clause="D15")
    centre, _created = Centre.objects.get_or_create(
        code=code, defaults={"name": name.strip(), "address": address.strip()}
    )
    if centre.name != name.strip():
        raise CentreCodeTaken(
            _("考点代码 %(code)s 已属于“%(name)s”。") % {"code": code, "name": centre.name}, clause="D15"
        )
    return centre
