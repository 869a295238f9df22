import sys
from dataclasses import dataclass
from typing import Mapping

LEVELS = ("debug", "info", "warn", "error")


@dataclass(frozen=True)
class Config:
    host: str
    port: int
    log_level: str
    shutdown_seconds: int


def read_config(env: Mapping[str, str]) -> Config:
    """From the environment; everything that is wrong with it is said at once."""
    problems: list[str] = []

    def whole(name: str, otherwise: int, most: int) -> int:
        text = env.get(name, str(otherwise))
        if not text.isascii() or not text.isdigit() or int(text) > most:
            problems.append(f'{name} is "{text}", expected a whole number up to {most}')
            return otherwise
        return int(text)

    level = env.get("LOG_LEVEL", "info")
    if level not in LEVELS:
        problems.append(f'LOG_LEVEL is "{level}", expected one of {", ".join(LEVELS)}')
    config = Config(
        host=env.get("HOST", "0.0.0.0"),
        port=whole("PORT", 8080, 65535),
        log_level=level,
        shutdown_seconds=whole("SHUTDOWN_SECONDS", 45, 3600),
    )
    if problems:
        print("\n".join(problems), file=sys.stderr)
        sys.exit(2)
    return config
