"""The one entry point `dwh`: each command is one call. Django is loaded by the commands that need it."""

from __future__ import annotations

import click

from dwh.site.commands import data, loads, log, told, web
from dwh.site.commands.base import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """DWH BHXH: kho dữ liệu tập trung của Bảo hiểm xã hội Việt Nam."""


for command in (
    data.sync, data.source, data.build, data.stale, data.publish, data.run, data.reconcile, data.remove_release,
    data.check_db, told.ask, told.catalog, told.dictionary, told.law, log.audit, loads.load, web.web,
):  # fmt: skip
    main.add_command(command)


def _with_demo() -> None:
    try:
        from demo.cli import demo
    except ModuleNotFoundError:
        return  # installed without the demonstration
    main.add_command(demo)


_with_demo()

if __name__ == "__main__":
    main()
