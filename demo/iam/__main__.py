"""`python -m demo.iam build|serve|lock EMAIL|unlock EMAIL`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from demo.iam.keys import make_keys

os.environ["DJANGO_SETTINGS_MODULE"] = "demo.iam.settings"
KEYS = Path(os.environ.get("DWH_HOME") or os.environ.get("DEMO_HOME") or "var/demo").resolve() / "keys"
make_keys(KEYS)  # before the settings, which read them
django.setup()

from demo.iam import settings, store  # noqa: E402


def build() -> None:
    """Make the provider's database with its people and its client; safe to repeat."""
    call_command("migrate", verbosity=0)
    store.add_people(_secret("demo-password"))
    store.register_client(_secret("oidc-client-secret"))


def serve() -> None:
    """Serve on the issuer's own address until told to stop."""
    store.register_client(_secret("oidc-client-secret"))
    address = urlsplit(settings.ISSUER)
    Granian(
        "demo.iam.wsgi:application",
        address=address.hostname or "127.0.0.1",
        port=address.port or 8001,
        interface=Interfaces.WSGI,
        blocking_threads=2,
        websockets=False,
    ).serve()


def _secret(name: str) -> str:
    return (KEYS / name).read_text(encoding="utf-8").strip()


def main(arguments: list[str]) -> None:
    match arguments:
        case ["build"]:
            build()
        case ["serve"]:
            serve()
        case ["lock" | "unlock" as verb, email]:
            if not store.set_active(email, verb == "unlock"):
                sys.exit(f"IAM không có người dùng «{email}». Xem danh sách: dwh demo accounts.")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
