"""The application as a WSGI server loads it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "surefoot.web.settings")
application = get_wsgi_application()

from surefoot.web.pages import warm  # noqa: E402  Django must be set up first
from surefoot.web.released import warm as warm_results  # noqa: E402

warm()
warm_results()
