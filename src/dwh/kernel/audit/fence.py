"""What makes the log's tables append-only in the database itself, for every program that opens it."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from dwh.kernel.law import QC_DWH, QD_2366, cites

TABLES = ("audit_auditrecord", "audit_auditleaf", "audit_auditcheckpoint")
KEYS = {"audit_auditrecord": "id", "audit_auditleaf": "seq", "audit_auditcheckpoint": "size"}
MESSAGE = "Nhật ký chỉ được ghi thêm, không được sửa hay xóa (QĐ-2366 Điều 4.2.4)."

_PG_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$;
"""


@cites(QD_2366.art("4.2.4"), QC_DWH.art("7.5"))
def raise_fence(connection: BaseDatabaseWrapper) -> None:
    """Refuse every UPDATE, DELETE and TRUNCATE of the log from now on."""
    _run(connection, _pg_up() if connection.vendor == "postgresql" else _sqlite_up())


def lower_fence(connection: BaseDatabaseWrapper) -> None:
    """Take the fence away: for undoing the migration, and for tests that empty their database."""
    on = " ON {}" if connection.vendor == "postgresql" else ""
    names = [
        (f"{t}_{what}", t) for t in TABLES for what in ("no_update", "no_delete", "no_replace", "no_truncate")
    ]
    _run(connection, [f"DROP TRIGGER IF EXISTS {name}{on.format(table)};" for name, table in names])


def _sqlite_up() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END;"
    changes = [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {refuse}"
        for table in TABLES
        for verb in ("update", "delete")
    ]
    # INSERT OR REPLACE deletes without asking the DELETE trigger
    replaces = [
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}"
        for table, key in KEYS.items()
    ]
    return changes + replaces


def _pg_up() -> list[str]:
    execute = "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();"
    return [_PG_FUNCTION] + [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {execute}"
        for table in TABLES
        for verb in ("update", "delete", "truncate")
    ]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
