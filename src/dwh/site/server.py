"""Serves the web process: granian on the loopback, in front of which a site puts its own TLS proxy."""

from __future__ import annotations

import os

from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from dwh.site import env


def serve(port: int) -> None:
    """Serve until told to stop.

    The static files are gathered first: names carry their hash, so a browser never mixes two versions.
    """
    call_command("collectstatic", interactive=False, verbosity=0)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dwh.site.settings"
    Granian(
        "dwh.site.wsgi:application",
        address=env.text("DWH_BIND", "127.0.0.1"),
        port=port,
        interface=Interfaces.WSGI,
        workers=env.number("DWH_WEB_WORKERS", 1),
        blocking_threads=env.number("DWH_WEB_THREADS", 4),
        websockets=False,
        log_access=False,
    ).serve()
