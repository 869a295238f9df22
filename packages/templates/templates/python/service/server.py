import json
import select
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Sequence
from urllib.parse import parse_qs

from service.config import Config
from service.log import Log, trace_id
from service.metrics import Metrics
from service.route import Problem, Request, Route, find_route

BODY_BYTES_MAX = 1024 * 1024
"""Larger bodies are refused with 413."""

REQUEST_SECONDS_MAX = 10
"""Within it a request that has begun has to arrive."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # Each thread is one connection; the system's queue takes those that come at the same moment.
    request_queue_size = 128

    def __init__(self, routes: Sequence[Route], config: Config, log: Log) -> None:
        self.routes, self.log, self.metrics = routes, log, Metrics()
        self.is_stopping = False
        self.begun = 0
        self.changed = threading.Condition()
        super().__init__((config.host, config.port), Handler)

    def server_bind(self) -> None:
        # The base class asks the name service for its own name here, which may take seconds in a cluster.
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request: Any, client_address: Any) -> None:
        self.log.write("debug", "a connection broke", error=str(sys.exc_info()[1]))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "service", ""
    timeout = REQUEST_SECONDS_MAX
    server: Server

    def handle_one_request(self) -> None:
        # Between two requests the connection is idle and may be closed; from the first byte on it is answered.
        while not self.server.is_stopping and not select.select([self.connection], [], [], 0.2)[0]:
            pass
        if self.server.is_stopping and not select.select([self.connection], [], [], 0)[0]:
            self.close_connection = True
            return
        with self.server.changed:
            self.server.begun += 1
        try:
            super().handle_one_request()
        finally:
            with self.server.changed:
                self.server.begun -= 1
                self.server.changed.notify_all()

    def serve(self) -> None:
        path, _, query = self.path.partition("?")
        if self.command == "GET" and path in ("/livez", "/readyz", "/metrics"):
            return self.operate(path)
        started, route, status = time.perf_counter(), "(none)", 500
        trace = trace_id(self.headers.get("traceparent"))
        try:
            match = find_route(self.server.routes, self.command, path)
            body = self.read_json()
            if match is None:
                raise Problem(404, f"there is no {self.command} {path}")
            route = match[0].path
            reply = match[0].handle(Request(match[1], parse_qs(query), body))
            status = reply.status
            self.send(status, "application/json", "" if reply.body is None else json.dumps(reply.body))
        except Problem as problem:
            status = problem.status
            self.send_problem(status, problem.title)
        except OSError:
            raise
        except Exception as error:
            self.server.log.write("error", "a request failed", trace_id=trace, error=repr(error))
            self.send_problem(status, "something went wrong here")
        seconds = time.perf_counter() - started
        self.server.metrics.observe(self.command, route, status, seconds)
        self.server.log.write(
            "debug", "request", method=self.command, path=path, route=route, status=status, ms=round(seconds * 1000, 3), trace_id=trace
        )

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = serve

    def operate(self, path: str) -> None:
        if path == "/metrics":
            self.send(200, "text/plain; version=0.0.4", self.server.metrics.exposition())
        elif path == "/readyz" and self.server.is_stopping:
            self.send(503, "text/plain", "stopping\n")
        else:
            self.send(200, "text/plain", "ok\n")

    def read_json(self) -> Any:
        if self.headers.get("transfer-encoding"):
            self.close_connection = True
            raise Problem(411, "the body needs a content-length")
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            # What is not read must not be taken for the next request.
            self.close_connection = True
            raise Problem(413, f"the body is larger than {BODY_BYTES_MAX} bytes")
        text = self.rfile.read(int(length))
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError as error:
            raise Problem(400, "the body is not JSON") from error

    def send_problem(self, status: int, title: str) -> None:
        text = json.dumps({"type": "about:blank", "status": status, "title": title})
        self.send(status, "application/problem+json", text)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Of requests that the base class can't read; it would answer with a page."""
        self.close_connection = True
        self.request_version = getattr(self, "request_version", "HTTP/1.1")
        self.send_problem(code, message or self.responses.get(code, ("something is wrong", ""))[0])

    def send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        if self.server.is_stopping or self.close_connection:
            self.send_header("connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Said by `serve`, as JSON."""


def run(routes: Sequence[Route], config: Config) -> None:
    """Serves until SIGTERM: then it is no longer ready, finishes what it has begun, and ends with 0."""
    log = Log(config.log_level)
    try:
        server = Server(routes, config, log)
    except OSError as error:
        log.write("error", f"can't listen on {config.host}:{config.port}: {error}")
        sys.exit(1)

    def stop(*_: Any) -> None:
        log.write("info", "stopping")
        server.is_stopping = True
        # It waits for the loop below, which this signal has interrupted.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.write("info", "listening", host=config.host, port=config.port)
    server.serve_forever(poll_interval=0.1)
    server.socket.close()
    with server.changed:
        if not server.changed.wait_for(lambda: server.begun == 0, timeout=config.shutdown_seconds * 0.8):
            log.write("warn", "requests were cut because the time for shutting down was over", requests=server.begun)
    log.write("info", "stopped")
