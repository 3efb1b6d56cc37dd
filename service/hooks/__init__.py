"""Webhooks: what another system posts when something happened there. Signed, fresh, once; then an event like others."""
