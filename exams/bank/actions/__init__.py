"""Changes of the bank. The work on single items is in the modules here, named by its kind."""

from exams.bank.actions.loading import LoadReport, load_items
from exams.bank.actions.use import record_use, take_back_use

__all__ = ["LoadReport", "load_items", "record_use", "take_back_use"]
