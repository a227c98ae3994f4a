"""The shipped standard, bank and blueprints, loaded as `make setup` loads them."""

from django.conf import settings
from django.core.management import call_command


def load_shipped() -> None:
    """Load fixtures/standards, fixtures/items and fixtures/blueprints into the test database."""
    root = settings.FIXTURES_ROOT
    call_command("load_standard", str(root / "standards"), verbosity=0)
    call_command("load_items", str(root / "items"), verbosity=0)
    call_command("load_blueprints", str(root / "blueprints"), verbosity=0)
