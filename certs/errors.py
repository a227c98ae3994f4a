"""Base of the refusals of this app."""

from config.htmx import Refusal


class RegistryError(Refusal):
    """A rule of the registry says no."""
