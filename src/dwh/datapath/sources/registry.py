"""The only place that turns a source's name into a connection."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import Connector
from dwh.datapath.sources.contract import source_names
from dwh.kernel.errors import Invalid, NotFound

# Address kind -> module, class, and the group of pyproject.toml that brings its driver. A module is loaded when its
# first source is opened: who reads no MariaDB needs no driver of it.
_CONNECTORS = "dwh.datapath.sources.connectors"
_PRODUCTS = {
    "sqlite": ("sqlite", "SqliteConnector", ""),
    "postgresql": ("postgres", "PostgresConnector", ""),
    "postgres": ("postgres", "PostgresConnector", ""),
    "mysql": ("mysql", "MysqlConnector", "mysql"),
    "mariadb": ("mysql", "MysqlConnector", "mysql"),
}


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
    """Return a read-only connection to `sqlite:///file`, `postgresql://…` or `mysql://…`.

    Raises:
        Invalid: another kind of address, or its driver is not installed.
        SourceDown: it does not answer.
    """
    scheme = url.partition(":")[0]
    if scheme not in _PRODUCTS:
        raise Invalid(
            f"Địa chỉ nguồn kiểu «{scheme}» chưa được hỗ trợ. Dùng một trong: {', '.join(sorted(_PRODUCTS))}.",
            scheme=scheme,
        )
    module, name, extra = _PRODUCTS[scheme]
    try:
        connector: Callable[[str], Connector] = getattr(import_module(f"{_CONNECTORS}.{module}"), name)
    except ModuleNotFoundError as missing:
        raise Invalid(
            f"Máy này chưa cài thư viện «{missing.name}» để đọc nguồn kiểu «{scheme}». "
            f"Cài nhóm «{extra}» (pip install dwh-bhxh[{extra}]) rồi đồng bộ lại.",
            scheme=scheme, missing=missing.name,
        ) from None  # fmt: skip
    return connector(url)
