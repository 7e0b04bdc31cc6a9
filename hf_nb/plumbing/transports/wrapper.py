"""What every wrapper shares: it passes a request on and closes what it holds."""

from types import TracebackType
from typing import Any, Protocol, Self


class Transport(Protocol):
    """The one verb of the HTTP library's transports."""

    def handle_request(self, request: Any) -> Any: ...

    def close(self) -> None: ...


class Wrapper:
    """A transport around a transport."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner

    def handle_request(self, request: Any) -> Any:
        """Pass it on; wrappers override this."""
        return self.inner.handle_request(request)

    def close(self) -> None:
        """Close the transport inside."""
        self.inner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, stack: TracebackType | None
    ) -> None:
        self.close()
