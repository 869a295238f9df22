import resource
import sys
import threading
import time

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 5, 10)
NAME = "http_server_request_duration_seconds"


class Metrics:
    """By route, never by path: a stranger can't make series."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._series: dict[str, list[float]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        labels = f'method="{method}",route="{route}",status="{status}"'
        with self._lock:
            series = self._series.setdefault(labels, [0.0] * (len(BOUNDS) + 2))
            series[-2] += 1
            series[-1] += seconds
            for index, bound in enumerate(BOUNDS):
                if seconds <= bound:
                    series[index] += 1

    def exposition(self) -> str:
        """The text that Prometheus reads."""
        lines = [f"# HELP {NAME} Time from request to answer.", f"# TYPE {NAME} histogram"]
        with self._lock:
            for labels, series in self._series.items():
                for index, bound in enumerate(BOUNDS):
                    lines.append(f'{NAME}_bucket{{{labels},le="{bound}"}} {series[index]:.0f}')
                lines.append(f'{NAME}_bucket{{{labels},le="+Inf"}} {series[-2]:.0f}')
                lines.append(f"{NAME}_sum{{{labels}}} {series[-1]}")
                lines.append(f"{NAME}_count{{{labels}}} {series[-2]:.0f}")
        lines += [
            "# TYPE process_cpu_seconds_total counter",
            f"process_cpu_seconds_total {time.process_time()}",
            "# TYPE process_resident_memory_bytes gauge",
            f"process_resident_memory_bytes {resident_bytes()}",
        ]
        return "\n".join(lines) + "\n"


def resident_bytes() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        # Elsewhere only the highest value is told: in bytes on a Mac, in kilobytes on other systems.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
