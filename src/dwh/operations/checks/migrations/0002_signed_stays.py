"""The database itself refuses to change or delete a signed record."""

from django.db import migrations

from dwh.operations.checks.fence import lower_fence, raise_fence


def up(apps, schema_editor):
    raise_fence(schema_editor.connection)


def down(apps, schema_editor):
    lower_fence(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("checks", "0001_check_records")]
    operations = [migrations.RunPython(up, down)]
