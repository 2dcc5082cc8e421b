"""The demonstration's own folder: its keys, its password, its settings file. Nothing of it is in the repository."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from demo.ledger import SOURCE_OF
from demo.sources.schema import FILES

WORDS = (
    "sen",
    "tre",
    "song",
    "nui",
    "bien",
    "lua",
    "gio",
    "may",
    "dao",
    "mai",
    "cau",
    "dua",
    "que",
    "chim",
    "thu",
    "xuan",
)


@dataclass(frozen=True, slots=True)
class DemoHome:
    """Paths and ports of one demonstration."""

    path: Path
    port: int

    @property
    def iam_port(self) -> int:
        return self.port + 1

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def password_file(self) -> Path:
        return self.keys / "demo-password"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.iam_port}/o"

    def environment(self) -> dict[str, str]:
        """Return the environment of every process of this demonstration."""
        return {
            **os.environ,
            "DWH_HOME": str(self.path),
            "DEMO_HOME": str(self.path),
            "PORT": str(self.port),
            "DWH_PUBLIC_URL": self.url,
            "DWH_OIDC_ISSUER": self.issuer,
        }

    @property
    def source_urls(self) -> dict[str, str]:
        """Return where the warehouse finds each source system."""
        return {SOURCE_OF[system]: f"sqlite:///{self.path}/sources/{file}" for system, file in FILES.items()}

    def prepare(self) -> None:
        """Make the folder, its secrets (0600) and `dwh.env`; what exists stays as it is."""
        self.keys.mkdir(parents=True, exist_ok=True)
        _keep(self.keys / "django-secret", secrets.token_urlsafe(48))
        _keep(self.keys / "oidc-client-secret", secrets.token_urlsafe(48))
        _keep(
            self.password_file,
            "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}",
        )
        lines = {
            "DWH_SECRET_KEY_FILE": self.keys / "django-secret",
            "DWH_OIDC_CLIENT_ID": "dwh",
            "DWH_OIDC_CLIENT_SECRET_FILE": self.keys / "oidc-client-secret",
            "DWH_OIDC_ISSUER": self.issuer,
            "DWH_PUBLIC_URL": self.url,
            **{f"DWH_SOURCE_{source.upper()}": url for source, url in self.source_urls.items()},
        }
        text = "".join(f"{name}={value}\n" for name, value in lines.items())
        (self.path / "dwh.env").write_text(text, encoding="utf-8")


def _keep(path: Path, value: str) -> None:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(value, encoding="utf-8")
