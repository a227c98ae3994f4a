"""Changes of blueprints and papers, and the computing of papers."""

from exams.assembly.actions.assembling import assemble
from exams.assembly.actions.blueprints import (
    BlueprintReport,
    load_blueprints,
    retire_blueprint,
    save_blueprint,
)
from exams.assembly.actions.freezing import freeze_forms, freeze_paper
from exams.assembly.actions.keeping import record_view, withdraw_paper
from exams.assembly.actions.runs import cancel_run, freeze_run, freeze_solution, start_run
from exams.assembly.actions.sealing import name_reader, seal_paper, swap_item

__all__ = [
    "BlueprintReport",
    "assemble",
    "cancel_run",
    "freeze_forms",
    "freeze_paper",
    "freeze_run",
    "freeze_solution",
    "load_blueprints",
    "name_reader",
    "record_view",
    "retire_blueprint",
    "save_blueprint",
    "seal_paper",
    "start_run",
    "swap_item",
    "withdraw_paper",
]
