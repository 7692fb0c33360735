"""Doors: HTTP pages and the JSON API. Parse, ask a policy, open the transaction, call one verb, answer."""

from blueprints import (
    account,
    activity,
    api,
    certificate,
    desk,
    indicator,
    loopback,
    notice,
    notification,
    organisation,
    outcome,
    registration,
    site,
    token,
    venue,
)

BLUEPRINTS = (
    site.door,
    activity.door,
    notice.door,
    registration.door,
    indicator.door,
    certificate.door,
    account.door,
    notification.door,
    organisation.door,
    venue.door,
    desk.door,
    outcome.door,
    token.door,
    loopback.door,
    api.door,
)
