"""That everybody must have a second factor; when answers are to be deleted, and when they were."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts and retention."""

    dependencies = [("web", "0004_results")]
    operations = [
        migrations.AddField("programme", "second_factor", models.BooleanField(default=False)),
        migrations.AddField("study", "delete_answers_on", models.DateField(null=True)),
        migrations.AddField("wave", "answers_deleted_on", models.DateField(null=True)),
    ]
