"""Assessment centres; rooms, sittings and seats join them later."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Centre(models.Model):
    """An assessment centre (考点); its four-digit code stands in certificate numbers (D15)."""

    code = models.CharField(_("考点代码"), max_length=4, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    address = models.CharField(_("地址"), max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{4}$"), name="centre_code_4_digits")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
