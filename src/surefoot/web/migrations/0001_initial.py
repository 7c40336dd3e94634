"""The tables."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=30)),
                ("by", models.CharField(max_length=254)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=200)),
                ("details", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("table", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("expires", models.DateTimeField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("slug", models.CharField(max_length=80)),
                ("title", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_programme")],
            },
        ),
        migrations.CreateModel(
            name="Study",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("frame_date", models.DateField(null=True)),
                ("known", models.CharField(blank=True, max_length=100)),
                ("lines", models.TextField(blank=True)),
                ("secret", models.BinaryField()),
                ("instrument", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="web.instrument")),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("service_type", models.CharField(blank=True, max_length=80)),
                ("headcount", models.JSONField(default=dict)),
                ("position", models.PositiveIntegerField()),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="organisations", to="web.study"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="StudyFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=300)),
                ("content", models.BinaryField()),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="web.study"
                    ),
                ),
            ],
            options={
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="Wave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("opens", models.DateField()),
                ("closes", models.DateField()),
                ("state", models.CharField(default="planned", max_length=10)),
                ("phase", models.PositiveSmallIntegerField(default=1)),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waves", to="web.study"
                    ),
                ),
            ],
            options={
                "ordering": ["opens", "name"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("spent", models.BooleanField(default=False)),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="web.organisation")),
                ("wave", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="web.wave")),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="web.organisation")),
                ("wave", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="web.wave")),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("phase", models.PositiveSmallIntegerField()),
                ("content", models.TextField()),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="web.organisation")),
                ("wave", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="web.wave")),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=40)),
                ("organisation", models.CharField(blank=True, max_length=80)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "role", "organisation"), name="membership_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wave", models.CharField(max_length=40)),
                ("content", models.TextField()),
                ("checked_by", models.CharField(max_length=200)),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="web.study"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "wave"), name="one_release_a_wave")],
            },
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(fields=("study", "slug"), name="organisation_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(fields=("study", "name"), name="organisation_name_once"),
        ),
        migrations.AddConstraint(
            model_name="studyfile",
            constraint=models.UniqueConstraint(fields=("study", "path"), name="file_once"),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.UniqueConstraint(fields=("study", "name"), name="wave_once"),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "open", "closing", "closed"])), name="wave_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__gte", models.F("opens"))), name="wave_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(condition=models.Q(("phase__in", [1, 2])), name="wave_phase"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(condition=models.Q(("phase__in", [1, 2])), name="answer_phase"),
        ),
    ]
