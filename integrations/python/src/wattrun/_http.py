"""One kept connection to the engine. Everything here may block: only the sender's thread and explicit reads use it.

Not by `http.client`: importing that (with `email` and `ssl`) holds Python's lock for tens of milliseconds, in the middle of the
first steps of a training. The engine's answers are plain HTTP/1.1, with a length or in chunks.
"""

from __future__ import annotations

# Here and not where they are needed: a process that forks while another thread imports a module can never import it.
import json
import socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO, Callable, Dict, List, Optional, Tuple, Union

    from ._address import Address

connect_timeout_seconds = 2.0
answer_timeout_seconds = 15.0


class Unreachable(Exception):
    """Nobody answers: worth another try, perhaps at another address."""


class Refused(Exception):
    """The engine answered and said no; another try would be answered alike."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message or f"HTTP {status}")
        self.status = status
        self.code = code


class Connection:
    """Speaks to whichever of the addresses answers, and stays with it until it no longer does."""

    def __init__(self, find: Callable[[], List[Address]]) -> None:
        self._find = find
        self._address: Optional[Address] = None
        self._socket: Optional[socket.socket] = None
        self._reader: Optional[BinaryIO] = None
        self.has_address = False

    def request(self, method: str, path: str, body: Optional[str] = None, timeout: float = answer_timeout_seconds) -> Dict[str, Any]:
        """Parsed JSON of an answer. Raises Unreachable or Refused, nothing else."""
        if self._address is not None:
            try:
                return self._ask(self._address, method, path, body, timeout)
            except Unreachable:
                self.close()
            except Refused as refused:
                if refused.status not in (401, 403):
                    raise
                self.close()
        addresses = self._find()
        self.has_address = len(addresses) > 0
        failure: Exception = Unreachable("there is no engine")
        for address in addresses:
            try:
                answer = self._ask(address, method, path, body, timeout)
            except Refused as refused:
                if refused.status not in (401, 403):
                    self._address = address
                    raise
                self.close()
                failure = refused
            except Unreachable as unreachable:
                self.close()
                if not isinstance(failure, Refused):
                    failure = unreachable
            else:
                self._address = address
                return answer
        raise failure

    def close(self) -> None:
        """Drops the connection; the next request makes another."""
        self._address = None
        self._hang_up()

    def _hang_up(self) -> None:
        for part in (self._reader, self._socket):
            if part is not None:
                try:
                    part.close()
                except OSError:
                    pass
        self._reader = self._socket = None

    def _ask(self, address: Address, method: str, path: str, body: Optional[str], timeout: float) -> Dict[str, Any]:
        # A kept connection that the engine had closed while it was idle says nothing about the engine. Asking again is safe:
        # every request carries the id by which a repeated one is known.
        tries = 2 if self._socket is not None else 1
        while True:
            tries -= 1
            try:
                status, text = self._exchange(address, method, path, body, timeout)
                break
            except (OSError, ValueError, IndexError) as error:
                self._hang_up()
                if tries == 0:
                    raise Unreachable(str(error) or type(error).__name__) from error
        value = _object_of(text, status)
        if status >= 500:
            raise Unreachable(str(value.get("message") or f"HTTP {status}"))
        if status >= 400:
            raise Refused(status, str(value.get("code") or ""), str(value.get("message") or ""))
        return value

    def _exchange(self, address: Address, method: str, path: str, body: Optional[str], timeout: float) -> Tuple[int, bytes]:
        """Status and body of an answer. Raises OSError where there is none, ValueError or IndexError where it is not HTTP."""
        scheme, _, rest = address.url.partition("://")
        place, _, base = rest.partition("/")
        stream, reader = self._connect(scheme, place)
        stream.settimeout(timeout)
        data = (body or "").encode("utf-8")
        path = "/" + (base.rstrip("/") + "/" + path).lstrip("/")
        head = f"{method} {path} HTTP/1.1\r\nHost: {place}\r\nAuthorization: Bearer {address.token}\r\nAccept: application/json\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        stream.sendall(head.encode("latin-1") + b"\r\n" + data)
        status = int(_line(reader).split(b" ")[1])
        headers: Dict[bytes, bytes] = {}
        while True:
            line = _line(reader).strip()
            if not line:
                break
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip().lower()
        text = _read_body(reader, headers, status)
        if headers.get(b"connection") == b"close":
            self._hang_up()
        return status, text

    def _connect(self, scheme: str, place: str) -> Tuple[socket.socket, BinaryIO]:
        if self._socket is None or self._reader is None:
            host, _, port = place.rpartition(":")
            if not host or not port.isdigit():
                host, port = place, "443" if scheme == "https" else "80"
            host = host.strip("[]")
            stream = socket.create_connection((_plain(host), int(port)), connect_timeout_seconds)  # type: ignore[arg-type]
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if scheme == "https":
                import ssl

                stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
            self._socket = stream
            self._reader = stream.makefile("rb")
        return self._socket, self._reader


def _plain(host: str) -> Union[str, bytes]:
    """As bytes: for a text Python imports its codec for international names, in this thread, and a child forked meanwhile never could."""
    return host.encode("ascii") if host.isascii() else host


def _line(reader: BinaryIO) -> bytes:
    line = reader.readline(65536)
    if not line.endswith(b"\n"):
        raise ConnectionError("the engine closed the connection")
    return line


def _exactly(reader: BinaryIO, length: int) -> bytes:
    text = reader.read(length)
    if len(text) != length:
        raise ConnectionError("the engine closed the connection")
    return text


def _read_body(reader: BinaryIO, headers: Dict[bytes, bytes], status: int) -> bytes:
    if status in (204, 304):
        return b""
    if headers.get(b"transfer-encoding") == b"chunked":
        parts: List[bytes] = []
        while True:
            length = int(_line(reader).split(b";")[0], 16)
            if length == 0:
                break
            parts.append(_exactly(reader, length))
            _line(reader)
        while _line(reader).strip():
            pass
        return b"".join(parts)
    if b"content-length" in headers:
        return _exactly(reader, int(headers[b"content-length"]))
    headers[b"connection"] = b"close"
    return reader.read()


def _object_of(text: bytes, status: int) -> Dict[str, Any]:
    try:
        value = json.loads(text) if text else {}
    except ValueError as error:
        if status < 400:
            raise Unreachable("what answers there is no engine") from error
        value = {}
    return value if isinstance(value, dict) else {}
