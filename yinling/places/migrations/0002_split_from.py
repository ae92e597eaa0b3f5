"""What a new division was cut out of, and the way back from a successor."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="placeversion",
            name="split_from",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="offshoots", to="places.place"
            ),
        ),
        migrations.AlterField(
            model_name="placeversion",
            name="successor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="predecessors", to="places.place"
            ),
        ),
    ]
