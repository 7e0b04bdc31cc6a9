"""A company's wall: a proxy that is the only way out, and a Hub behind a certificate of the company's own.

with Wall(hub.url, folder, secret="ada:pass-word") as wall:
    wall.proxy        # http://127.0.0.1:…, speaks CONNECT
    wall.mirror       # https://127.0.0.1:…, the Hub with the company's certificate; hub.example through the proxy
    wall.authority    # the company's certificates as a file
"""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import trustme

NAME = "hub.example"


class Wall:
    """Everything on loopback, in threads."""

    def __init__(self, hub: str, folder: Path, *, secret: str = "") -> None:
        self.hub, self.secret = urlsplit(hub), secret
        self.tunnels: list[str] = []
        self.refused = 0
        authority = trustme.CA()
        self.authority = folder / "company.pem"
        authority.cert_pem.write_to_path(str(self.authority))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(NAME, "127.0.0.1").configure_cert(self._tls)
        self._doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        ports = [door.getsockname()[1] for door in self._doors]
        self.proxy, self.mirror = f"http://127.0.0.1:{ports[0]}", f"https://127.0.0.1:{ports[1]}"
        self._mirror = ("127.0.0.1", ports[1])

    def __enter__(self) -> Self:
        for door, serve in zip(self._doors, (self._as_proxy, self._as_mirror), strict=True):
            threading.Thread(target=self._open, args=(door, serve), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for door in self._doors:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            door.close()

    def _open(self, door: socket.socket, serve: object) -> None:
        with contextlib.suppress(OSError):
            while True:
                came, _ = door.accept()
                threading.Thread(target=self._quietly, args=(serve, came), daemon=True).start()

    def _quietly(self, serve: object, came: socket.socket) -> None:
        assert callable(serve)
        with came, contextlib.suppress(OSError):
            serve(came)

    def _as_proxy(self, came: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            part = came.recv(4096)
            if not part:
                return
            head += part
        words = base64.b64encode(self.secret.encode())
        if self.secret and words not in head:
            self.refused += 1
            came.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
            return
        self.tunnels.append(head.split()[1].decode())
        came.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(self._mirror) as there:
            _both_ways(came, there)

    def _as_mirror(self, came: socket.socket) -> None:
        assert self.hub.hostname
        assert self.hub.port
        with (
            self._tls.wrap_socket(came, server_side=True) as shown,
            socket.create_connection((self.hub.hostname, self.hub.port)) as there,
        ):
            _both_ways(shown, there)


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    back = threading.Thread(target=_pump, args=(other, one), daemon=True)
    back.start()
    _pump(one, other)
    back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
