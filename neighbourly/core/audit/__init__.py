"""An append-only log of what people in charge did, each entry chained to the one before by its hash."""

from neighbourly.core.audit.log import AuditEntry, first_broken, record

__all__ = ["AuditEntry", "first_broken", "record"]
