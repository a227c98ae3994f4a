"""What every template shares: site facts, static files, block tags."""

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.http import HttpRequest
from django.template import Library

register = Library()


class StaticStorage(ManifestStaticFilesStorage):
    """Hashed names, imports of ES modules included."""

    support_js_module_import_aggregation = True


def site(request: HttpRequest) -> dict[str, object]:
    """Context processor: facts that every page may show."""
    return {"demo_mode": settings.DEMO, "debug_mode": settings.DEBUG}
