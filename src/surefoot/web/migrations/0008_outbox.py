"""The outbox, its sender, and posters."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0007_files_and_tokens"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="poster",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("reminder_subject", models.CharField(max_length=200)),
                ("reminder_text", models.TextField()),
                ("per_minute", models.PositiveSmallIntegerField(default=60)),
                ("base", models.CharField(blank=True, max_length=300)),
                ("sending", models.BooleanField(default=False)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("wave", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="web.wave")),
            ],
        ),
        migrations.CreateModel(
            name="Sender",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("holder", models.CharField(max_length=32)),
                ("until", models.DateTimeField()),
                ("trouble", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_sender")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("state", models.CharField(default="pending", max_length=10)),
                ("reminder", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("wave", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="web.wave")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "sending", "sent", "failed"])),
                        name="message_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Poster",
            fields=[
                ("secret", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("open", models.BooleanField(default=True)),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="web.organisation")),
                ("wave", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="web.wave")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("wave", "organisation"), name="one_poster_an_organisation")
                ],
            },
        ),
    ]
