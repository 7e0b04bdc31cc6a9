"""A span for every request, its ids in the request's headers."""

from typing import Any

from hf_nb.plumbing import spans
from hf_nb.plumbing.transports.wrapper import Transport, Wrapper


class Trace(Wrapper):
    """Records method, host, path and status; never headers, bodies or the query's values."""

    def __init__(self, inner: Transport, sink: spans.Sink) -> None:
        super().__init__(inner)
        self.sink = sink

    def handle_request(self, request: Any) -> Any:
        with spans.span(self.sink, f"HTTP {request.method}") as here:
            here.set(
                **{
                    "http.request.method": request.method,
                    "server.address": request.url.host,
                    "url.path": request.url.path,
                }
            )
            request.headers["traceparent"] = here.traceparent
            request.headers["X-HF-NB-Trace-Id"] = here.trace_id
            response = self.inner.handle_request(request)
            here.set(**{"http.response.status_code": response.status_code})
            if request_id := response.headers.get("x-request-id"):
                here.set(request_id=request_id)
            return response
