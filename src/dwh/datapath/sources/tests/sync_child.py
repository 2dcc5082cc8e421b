"""One sync in a process of its own, to be killed by a test."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.reading.table_job import Limits
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import NOW


def sync_and_tell(url: str, home: Path, rows: int, pipe: Connection) -> None:
    """Tell through the pipe that the sync begins, then do it."""
    settings = DataPathSettings(home=home, sources={"collection": url})
    pipe.send("begins")
    sync_source("collection", settings=settings, now=NOW, limits=Limits(batch_rows=rows))
