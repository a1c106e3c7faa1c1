"""ClickHouse's HTTP interface in front of the embedded engine (chdb), for there is no server to install.

It answers what a client asks in the formats that the real engine writes. It knows one user, sessions of no kind, and only
queries that read.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

PASSWORD = "Geheim-7"
OWN = {"query", "database", "query_id", "session_id", "wait_end_of_query", "client_protocol_version", "enable_http_compression", "readonly"}


@dataclass(frozen=True)
class Front:
    """A listening front: its address, and the engine behind it."""

    url: str
    session: Any
    asked: list[dict[str, str]]


class _Handler(BaseHTTPRequestHandler):
    session: ClassVar[Any]
    lock: ClassVar[threading.Lock]
    asked: ClassVar[list[dict[str, str]]]

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(body.decode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _answer(self, body: str) -> None:
        options = {key: values[-1] for key, values in parse_qs(urlsplit(self.path).query).items()}
        self.asked.append(options)
        if not self._is_known(options):
            self._send(403, b"Code: 516. DB::Exception: Authentication failed")
            return
        query = f"{options.get('query', '')}{body}"
        settings = ", ".join(f"{key} = '{value}'" for key, value in options.items() if key not in OWN)
        try:
            with self.lock:
                found = self.session.query(f"{query}\n{f'SETTINGS {settings}' if settings else ''}", "TabSeparated")
                data = found.bytes()
        except Exception as error:
            self._send(500, str(error).encode())
            return
        self._send(200, bytes(data))

    def _is_known(self, options: dict[str, str]) -> bool:
        basic = base64.b64decode((self.headers.get("Authorization") or "").removeprefix("Basic ")).decode()
        return PASSWORD in (basic.partition(":")[2], self.headers.get("X-ClickHouse-Key"), options.get("password"))

    def _send(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def listening() -> Iterator[Front]:
    """The front, on a free port of this machine, until it is no longer needed."""
    session, asked = import_module("chdb.session").Session(), []
    handler = type("Handler", (_Handler,), {"session": session, "lock": threading.Lock(), "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Front(f"clickhouse://default:{PASSWORD}@127.0.0.1:{server.server_port}/default", session, asked)
    finally:
        server.shutdown()
        server.server_close()
        session.close()
