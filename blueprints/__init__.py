"""Doors: HTTP pages and the JSON API. Parse, ask a policy, open the transaction, call one verb, answer."""

from blueprints import (
    account,
    activity,
    api,
    attendance,
    certificate,
    desk,
    indicator,
    loopback,
    notice,
    notification,
    organisation,
    outcome,
    party,
    pipeline,
    review,
    site,
    token,
    venue,
)

BLUEPRINTS = (
    site.door,
    activity.door,
    notice.door,
    review.door,  # and registration's, which is the same
    party.door,
    attendance.door,
    indicator.door,
    certificate.door,
    account.door,
    notification.door,
    organisation.door,
    venue.door,
    desk.door,
    pipeline.door,
    outcome.door,
    token.door,
    loopback.door,
    api.door,
)
