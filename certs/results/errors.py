"""Refusals of the results ledger."""

from certs.errors import RegistryError


class NotPublishable(RegistryError):
    """An attempt that gives no part result: a mock, unsealed, unmarked, or not out of 100."""


class AlreadyPublished(RegistryError):
    """The attempt's result is published; a change is a correction."""


class OwnResult(RegistryError):
    """Nobody publishes, enters or corrects a result of their own."""

    clause = "D14"


class FailureNotConfirmed(RegistryError):
    """A machine never alone decides against a person: a failed script is confirmed before publication."""

    clause = "practice"


class ResultRefused(RegistryError):
    """What was entered cannot be a result."""


class RetakeRefused(RegistryError):
    """The part was not to be sat on that day."""

    clause = "D5"


class CorrectionRefused(RegistryError):
    """A correction that corrects nothing, gives no reason, or comes after another one."""
