"""Logs without addresses: a respondent's address holds the link, and who came when is nobody's business."""

from __future__ import annotations

import logging


class NoAddress(logging.Filter):
    """Takes the address out of Django's lines and keeps what helps to mend a fault: status, exception and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes, without its address."""
        if record.name.startswith(("django.request", "django.security", "django.server")):
            status = getattr(record, "status_code", None)
            record.msg, record.args = (f"status {status}" if status else "refused"), ()
        record.__dict__.pop("request", None)
        return True
