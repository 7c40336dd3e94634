"""What the server refuses: forged forms, guesses, uploads that harm; and what Django says of the settings."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surefoot.errors import BadInput
from surefoot.web import uploads
from surefoot.web.participation import participation


def test_forged_form_is_refused(client: Any) -> None:
    """A form without the token of our page changes nothing, though the browser sends its cookie."""
    from surefoot.web import store

    lead = client("programme-lead", enforce_csrf_checks=True)
    page = lead.post("/studies/new", {"slug": "x", "title": "X", "bank": "ai-baseline"})
    assert page.status_code == 403
    assert "Please try again" in page.content.decode()
    assert not store.overviews()


def test_guessing_is_slowed_down(client: Any) -> None:
    """After ten wrong passwords the right one is not tried either; another account still opens."""
    client("programme-lead")
    browser, form = client(), {"email": "programme-lead-all@example.org", "password": "wrong"}
    statuses = [browser.post("/sign-in", form).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert browser.post("/sign-in", {**form, "password": "correct horse battery"}).status_code == 429
    client("reviewer")
    right = {"email": "reviewer-all@example.org", "password": "correct horse battery"}
    assert browser.post("/sign-in", right)["Location"] == "/"


def test_wrong_password_says_nothing_of_the_account(client: Any) -> None:
    """A wrong password and an unknown address look the same."""
    client("reviewer")
    pages = [
        client().post("/sign-in", {"email": email, "password": "wrong"}).content.decode().replace(email, "")
        for email in ("reviewer-all@example.org", "nobody@example.org")
    ]
    stripped = [page.split("csrfmiddlewaretoken")[0] for page in pages]
    assert stripped[0] == stripped[1]
    assert "is not right" in stripped[0]


def zipped(entries: dict[str, bytes]) -> SimpleUploadedFile:
    """A zip of some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("x.zip", out.getvalue())


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"../study.toml": b""}, "inside the folder"),
        ({"/etc/study.toml": b""}, "inside the folder"),
        ({"a/..\\..\\study.toml": b""}, "inside the folder"),
        ({"C:study.toml": b""}, "inside the folder"),
        ({"study.toml": b"\0" * (101 * 2**20)}, "too much"),
        ({f"{n}": b"" for n in range(501)}, "too much"),
        ({"readme": b""}, "0 files called study.toml"),
        ({"a/study.toml": b"", "b/study.toml": b""}, "2 files called study.toml"),
    ],
)
def test_harmful_archive_is_refused(tmp_path: Path, entries: dict[str, bytes], words: str) -> None:
    """Paths that lead out, a bomb, too many files: refused before anything is written outside of the folder."""
    place = tmp_path / "in"
    place.mkdir()
    with pytest.raises(BadInput, match=words):
        uploads.unpack(zipped(entries), place)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """No more is read of an entry than the size that it states."""
    file = zipped({"study.toml": b"x" * 5000})
    raw = bytearray(file.read())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = raw.index(signature) + offset
        raw[start : start + 4] = (10).to_bytes(4, "little")
    with pytest.raises(BadInput):
        uploads.unpack(SimpleUploadedFile("x.zip", bytes(raw)), tmp_path)
    assert not (tmp_path / "study.toml").exists()


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    """A spreadsheet, a picture, half a zip."""
    with pytest.raises(BadInput, match="no zip"):
        uploads.unpack(SimpleUploadedFile("x.zip", b"PK\x03\x04 and no more"), tmp_path)


def test_large_upload_is_stopped(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload over the limit is cut while it comes in, and is no file of the form."""
    monkeypatch.setattr(uploads, "MOST_BYTES", 100_000)
    lead = client("programme-lead")
    page = lead.post("/studies/import", {"folder": SimpleUploadedFile("x.zip", b"0" * 300_000)})
    assert page.status_code == 400


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_formula_text_is_a_text(cell: str) -> None:
    """A spreadsheet that opens our CSV computes nothing."""
    assert f"\n'{cell}" in uploads.csv_text(("label",), [(cell,)]).replace(
        "\r", ""
    ) or f"\"'{cell}" in uploads.csv_text(("label",), [(cell,)])


def test_wrong_host_is_refused(client: Any) -> None:
    """Links are made for names of this server only."""
    lead = client("programme-lead")
    form = {"email": "x@example.org", "name": "X", "role": "reviewer"}
    assert lead.post("/people", form, headers={"host": "evil.example"}).status_code == 400


def test_small_counts_are_not_shown() -> None:
    """Fewer than 11 are not shown, none neither; the total only where nothing in it is hidden."""
    names = {"a": "A", "b": "B"}
    found = participation({"a": (100, 10, 3), "b": (50, 0, 12)}, names=names)
    assert [(one.completed, one.started, one.rate) for one in found] == [(None, None, None), (None, 12, None)]
    found = participation({"a": (100, 11, 11), "b": (50, 20, 12)}, names=names)
    assert [(one.name, one.completed, one.started) for one in found][2] == ("All", 31, 23)


def test_deployment_check_is_clean(tmp_path: Path) -> None:
    """Django's own check of the settings for a deployment finds nothing, with nothing set but the data folder."""
    (tmp_path / "server-key").write_text("k" * 30 + "3VhX9_q2mZ7rT1bN8wLcYd5sKfGjPzEa", encoding="ascii")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUREFOOT_", "DJANGO_"))}
    environment = {**kept, "SUREFOOT_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "surefoot.web.settings"}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "INFO"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_models_and_migrations_agree(tmp_path: Path) -> None:
    """A change of the models comes with its migration."""
    environment = {**os.environ, "SUREFOOT_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "surefoot.web.settings"}
    environment["SUREFOOT_SECRET_KEY"] = "k" * 60
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_style_sheet_asks_for_nothing() -> None:
    """No remote font, no picture, no address in the built style sheet."""
    from surefoot.web.pages import STATIC

    text = (STATIC / "surefoot.css").read_text(encoding="utf-8")
    for word in ("@font-face", "url(", "//assets", "http", "Frutiger"):
        assert word not in text, word
