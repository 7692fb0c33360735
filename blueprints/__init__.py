"""Doors: HTTP pages and the JSON API. Parse, ask a policy, open the transaction, call one verb, answer."""

from blueprints import (
    account,
    activity,
    api,
    attendance,
    desk,
    indicator,
    loopback,
    notice,
    notification,
    organisation,
    pipeline,
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
    attendance.door,
    indicator.door,
    account.door,
    notification.door,
    organisation.door,
    venue.door,
    desk.door,
    pipeline.door,
    token.door,
    loopback.door,
    api.door,
)
