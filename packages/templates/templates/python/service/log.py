import json
import re
import secrets
import sys
from datetime import datetime, timezone
from typing import Any

from service.config import LEVELS

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Log:
    """One JSON object a line on stdout, where the platform collects it."""

    def __init__(self, least: str) -> None:
        self._least = LEVELS.index(least)

    def write(self, level: str, message: str, **fields: Any) -> None:
        if LEVELS.index(level) < self._least:
            return
        time = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"time": time, "level": level, "message": message, **fields}, default=str)
        # One call a line: threads don't write into each other's.
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def trace_id(traceparent: str | None) -> str:
    """The trace of a W3C traceparent, or a new one."""
    found = TRACEPARENT.fullmatch(traceparent or "")
    if found and found.group(1).strip("0"):
        return found.group(1)
    return secrets.token_hex(16)
