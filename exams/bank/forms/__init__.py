"""Forms of the bank."""

from exams.bank.forms.editor import Draft, ItemForm, NewItemForm, field_words
from exams.bank.forms.listing import BulkForm, ItemFilterForm
from exams.bank.forms.work import PictureForm, ReviewerField

__all__ = [
    "BulkForm",
    "Draft",
    "ItemFilterForm",
    "ItemForm",
    "NewItemForm",
    "PictureForm",
    "ReviewerField",
    "field_words",
]
