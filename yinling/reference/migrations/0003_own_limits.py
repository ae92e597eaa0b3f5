"""The operator's own limits get a kind of their own. SQLite makes the table anew for it, which loses its triggers."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

_overlaps = import_module("yinling.reference.migrations.0002_no_overlaps")


def refuse_overlaps_again(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for event in ("INSERT", "UPDATE"):
            table = "reference_parameter"
            schema_editor.execute(_overlaps._trigger(table, _overlaps.TABLES[table], event))


class Migration(migrations.Migration):
    dependencies = [("reference", "0002_no_overlaps")]
    operations = [
        migrations.AddField(
            model_name="parameter",
            name="authority",
            field=models.CharField(
                choices=[("document", "Document"), ("operator", "Operator")], default="document", max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="parameter",
            constraint=models.CheckConstraint(
                condition=~Q(authority="operator") | Q(verified=False), name="an_own_limit_is_not_verified"
            ),
        ),
        migrations.RunPython(refuse_overlaps_again, migrations.RunPython.noop),
    ]
