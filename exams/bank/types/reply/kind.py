"""Reply: a letter that answers a complaint, with a least and a most length."""

from django.utils.translation import gettext_lazy as _

from exams.bank.types.written import WrittenKind


class Reply(WrittenKind):
    """投诉回信; the customer's letter is the material. Length is shown, never enforced: a marker judges it.

    Practice: domain.md 5; Decision: ADR 0013 (counting).
    """

    code = "reply"
    label = _("投诉回信")
    position = 11
    lines = 16
    needs_words = True


KIND = Reply()
