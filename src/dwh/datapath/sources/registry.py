"""The only place that turns a source's name into a connection."""

from __future__ import annotations

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import Connector
from dwh.datapath.sources.connectors.postgres import PostgresConnector
from dwh.datapath.sources.connectors.sqlite import SqliteConnector
from dwh.datapath.sources.contract import source_names
from dwh.kernel.errors import Invalid, NotFound


def open_source(source: str, settings: DataPathSettings) -> Connector:
    """Return a read-only connection to the named source.

    Raises:
        NotFound: no such source, or no address is configured for it.
        SourceDown: it does not answer.
    """
    if source not in source_names():
        raise NotFound(
            f"Không có nguồn «{source}». Các nguồn có: {', '.join(source_names())}.", source=source
        )
    url = settings.sources.get(source)
    if not url:
        raise NotFound(
            f"Chưa khai báo địa chỉ của nguồn «{source}». Đặt DWH_SOURCE_{source.upper()} rồi chạy lại.",
            source=source,
        )
    return open_url(url)


def open_url(url: str) -> Connector:
    """Return a read-only connection to `sqlite:///file` or `postgresql://…`.

    Raises:
        Invalid: another kind of address.
        SourceDown: it does not answer.
    """
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return SqliteConnector(url)
    if scheme in ("postgresql", "postgres"):
        return PostgresConnector(url)
    raise Invalid(
        f"Địa chỉ nguồn kiểu «{scheme}» chưa được hỗ trợ. Dùng sqlite:/// hoặc postgresql://.", scheme=scheme
    )
