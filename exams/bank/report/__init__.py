"""The whole bank judged: how much there is of everything, and what gives keys away (docs/item-report.md)."""

from exams.bank.report.figures import PaperDemand, Thresholds
from exams.bank.report.judge import BankReport, Section, bank_report
from exams.bank.report.shape import as_json
from exams.bank.report.verdicts import Problem, problems

__all__ = [
    "BankReport",
    "PaperDemand",
    "Problem",
    "Section",
    "Thresholds",
    "as_json",
    "bank_report",
    "problems",
]
