"""What makes a signed record final in the database itself, for every program that opens it."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from dwh.kernel.law import QC_DWH, QD_2366, cites

TABLE = "checks_checkrecord"
MESSAGE = "Biên bản kiểm tra đã ký không được sửa hay xóa (QĐ-2366 Điều 9.7). Lập biên bản đính chính."
_NAMES = (f"{TABLE}_signed_stays", f"{TABLE}_signed_not_deleted")
_PG = f"""
CREATE OR REPLACE FUNCTION {TABLE}_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.signed_by <> '' THEN RAISE EXCEPTION '{MESSAGE}'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


@cites(QD_2366.art("9.7"), QC_DWH.art("7.5"))
def raise_fence(connection: BaseDatabaseWrapper) -> None:
    """Refuse every UPDATE and DELETE of a signed record from now on."""
    if connection.vendor == "postgresql":
        each = f"ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_signed();"
        made = [f"CREATE TRIGGER {name} BEFORE {verb} {each}" for name, verb in _verbs()]
        _run(connection, [_PG, *made])
        return
    refuse = f"WHEN OLD.signed_by <> '' BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END;"
    _run(connection, [f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} {refuse}" for name, verb in _verbs()])


def lower_fence(connection: BaseDatabaseWrapper) -> None:
    """Take the fence away: for undoing the migration."""
    on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    _run(connection, [f"DROP TRIGGER IF EXISTS {name}{on};" for name in _NAMES])


def _verbs() -> list[tuple[str, str]]:
    return list(zip(_NAMES, ("UPDATE", "DELETE"), strict=True))


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
