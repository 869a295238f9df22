from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Sequence
from urllib.parse import unquote


@dataclass(frozen=True)
class Request:
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any = None


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    handle: Callable[[Request], Reply]


class Problem(Exception):
    """An answer that is no success; raised anywhere below a handler."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


def find_route(routes: Sequence[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    for route in routes:
        params = match_path(route.path, path) if route.method == method else None
        if params is not None:
            return route, params
    return None


def match_path(pattern: str, path: str) -> dict[str, str] | None:
    wanted, given = pattern.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    params = {}
    for part, value in zip(wanted, given):
        if part.startswith("{"):
            params[part[1:-1]] = unquote(value)
        elif part != value:
            return None
    return params
