import datetime as dt

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.account.second_factor import STEP, accepts, address, new_secret

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
AT = dt.datetime(2026, 11, 23, 2, 0, 10, tzinfo=dt.UTC)
NOW = int(AT.timestamp()) // STEP


def code(step: int) -> str:
    return pyotp.TOTP(SECRET).generate_otp(step)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_the_vectors_of_the_standard(seconds: int, expected: str) -> None:
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    assert accepts(SECRET, expected, moment, None) == seconds // STEP


def test_a_code_is_good_once() -> None:
    step = accepts(SECRET, code(NOW), AT, None)
    assert step == NOW
    assert accepts(SECRET, code(NOW), AT, step) is None
    assert accepts(SECRET, code(NOW - 1), AT, step) is None
    assert accepts(SECRET, code(NOW + 1), AT, step) == NOW + 1


def test_one_step_of_drift_to_either_side_and_no_more() -> None:
    assert [accepts(SECRET, code(NOW + drift), AT, None) for drift in (-2, -1, 0, 1, 2)] == [
        None,
        NOW - 1,
        NOW,
        NOW + 1,
        None,
    ]


@pytest.mark.parametrize(
    "spelt",
    ["full-width", "superscript", "spaced", "inner space", "line", "arabic", "short", "long", "empty"],
)
def test_other_spellings_of_the_code_are_refused(spelt: str) -> None:
    right = code(NOW)
    typed = {
        "full-width": right.translate({ord("0") + d: 0xFF10 + d for d in range(10)}),
        "superscript": right.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
        "arabic": right.translate({ord("0") + d: 0x0660 + d for d in range(10)}),
        "spaced": f" {right} ",
        "inner space": f"{right[:3]} {right[3:]}",
        "line": f"{right}\n",
        "short": right[:5],
        "long": "0" + right,
        "empty": "",
    }[spelt]
    assert accepts(SECRET, typed, AT, None) is None


@given(st.text(max_size=8), st.none() | st.integers(0, 2**40))
def test_any_text_is_answered(typed: str, last_step: int | None) -> None:
    step = accepts(SECRET, typed, AT, last_step)
    assert step is None or (last_step is None or step > last_step)


def test_a_moment_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError):
        accepts(SECRET, "123456", dt.datetime(2026, 1, 1), None)


def test_the_first_moments_of_time_do_not_fail() -> None:
    assert accepts(SECRET, code(0), dt.datetime(1970, 1, 1, tzinfo=dt.UTC), None) == 0


def test_a_new_secret_has_160_bits_and_its_address_names_both_sides() -> None:
    secret = new_secret()
    assert len(secret) == 32 and secret != new_secret()
    assert address(secret, "alice", "永匠").startswith("otpauth://totp/")
