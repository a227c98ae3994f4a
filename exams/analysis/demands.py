"""What the blueprints ask of the bank: they belong to assembly, the report of the bank to the bank."""

from exams.assembly.queries import blueprints
from exams.bank.report import PaperDemand


def paper_demands() -> list[PaperDemand]:
    """Return what one paper of each blueprint needs, full papers first, in two queries."""
    return [
        PaperDemand(
            one.code,
            one.name,
            one.level_number,
            one.part,
            one.pool,
            {section.type: section.count for section in one.sections.all()},
        )
        for one in blueprints()
    ]
