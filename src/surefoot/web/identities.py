"""The provider of identities that the environment names: OpenID Connect, for people who are members already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PROVIDER = "identity"
"""The name of the one provider in our addresses: <server>/sign-in/provider/identity/back is where it leads back to."""
_NAMES = ("SUREFOOT_OIDC_ISSUER", "SUREFOOT_OIDC_CLIENT_ID", "SUREFOOT_OIDC_CLIENT_SECRET")


def identity_providers(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """The provider as allauth's settings want it; none unless all three names are set.

    >>> identity_providers({})
    []
    """
    issuer, client, secret = (environment.get(name, "").strip() for name in _NAMES)
    if not (issuer and client and secret):
        return []
    return [
        {
            "provider_id": PROVIDER,
            "name": "your organisation",
            "client_id": client,
            "secret": secret,
            "settings": {"server_url": issuer.rstrip("/")},
        }
    ]
