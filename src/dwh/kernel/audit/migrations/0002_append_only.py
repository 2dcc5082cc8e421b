"""The database itself keeps the log append-only; on PostgreSQL each record also names its transaction."""

from django.db import migrations

from dwh.kernel.audit.fence import lower_fence, raise_fence


def up(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE audit_auditrecord ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()"
        )
    raise_fence(connection)


def down(apps, schema_editor):
    connection = schema_editor.connection
    lower_fence(connection)
    if connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE audit_auditrecord DROP COLUMN xid")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_the_log")]
    operations = [migrations.RunPython(up, down)]
