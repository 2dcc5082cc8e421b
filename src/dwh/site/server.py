"""The web process: granian serving the WSGI application on the loopback, behind a proxy in production."""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces


def serve(port: int) -> None:
    """Serve until stopped. Two worker threads: DuckDB does its own parallel work."""
    Granian(
        "dwh.site.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_access=False,
    ).serve()
