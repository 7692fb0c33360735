"""Logs as JSON, one line an event, without personal data (R59): endpoints for addresses, codes for names."""

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from models.base import new_code

EXTRA = (
    "incident",
    "fault",
    "job",
    "message",
    "count",
    "milliseconds",
    "status",
    "endpoint",
    "method",
    "address",
)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
        line |= {key: getattr(record, key) for key in EXTRA if hasattr(record, key) and key != "message"}
        if record.exc_info and record.exc_info[1]:
            # frames without values: an exception's text may quote what a person typed
            line["fault"] = type(record.exc_info[1]).__name__
            line["where"] = [
                f"{frame.filename}:{frame.lineno}:{frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, ensure_ascii=False)


def init_app(app: Flask, *, verbose: bool) -> None:
    log = logging.getLogger("yongjiang")
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False

    @app.before_request
    def begin() -> None:
        g.request_id, g.began = new_code(), time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if verbose or response.status_code >= 500:
            log.info(
                "request",
                extra={
                    "endpoint": request.endpoint or "",
                    "method": request.method,
                    "status": response.status_code,
                    "milliseconds": round(
                        (time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1
                    ),
                },
            )
        return response
