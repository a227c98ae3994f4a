"""`manage.py seal_due`: seal every attempt whose time is over, for where no worker's clock runs."""

from django.core.management.base import BaseCommand

from exams.delivery.actions import seal_due


class Command(BaseCommand):
    help = "Seals every attempt whose deadline and grace are over, and says how many."

    def handle(self, *_args: object, **_options: object) -> None:
        self.stdout.write(f"sealed {seal_due()}")
