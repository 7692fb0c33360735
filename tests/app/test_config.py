"""The environment is judged before anything starts; every fault is named (R08)."""

import datetime as dt
import multiprocessing
import stat
from pathlib import Path

import pytest

from app.config import BadConfig, Config
from models.vault import BadKeyring, Keyring


def production(folder: Path, **more: str | None) -> dict[str, str]:
    """An environment fit for production, with a few things changed or (None) missing."""
    secret, keyring = folder / "secret.key", folder / "keyring.json"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text("Zk3vQ8rTn1xWc5yHb7mLp2sDg4fJa9eU6iOo0")
        Keyring.create().save(keyring)
    wanted = {
        "APP_ENV": "production",
        "DATABASE_URL": "postgresql+psycopg://yongjiang@db/yongjiang",
        "INSTANCE_DIR": str(folder),
        "SECRET_KEY_FILE": str(secret),
        "KEYRING_FILE": str(keyring),
        "PUBLIC_BASE_URL": "https://skill.example.cn",
        "TRUSTED_HOSTS": "skill.example.cn",
        "SMS_URL": "https://sms.example.cn/send",
        **more,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        Config.from_env(environ)
    return str(bad.value).splitlines()


def test_a_whole_production_environment_is_taken(tmp_path: Path) -> None:
    config = Config.from_env(production(tmp_path))
    assert config.is_production
    assert config.is_https
    assert config.trusted_hosts == ("skill.example.cn",)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"PUBLIC_BASE_URL": "http://skill.example.cn"}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": None}, "PUBLIC_BASE_URL"),
        ({"TRUSTED_HOSTS": None}, "TRUSTED_HOSTS"),
        ({"TRUSTED_HOSTS": " , "}, "TRUSTED_HOSTS"),
        ({"SECRET_KEY_FILE": "/nowhere/secret.key"}, "SECRET_KEY_FILE"),
        ({"KEYRING_FILE": "/nowhere/keyring.json"}, "KEYRING_FILE"),
        ({"SMS_URL": None, "SMTP_URL": None}, "SMS_URL"),
        ({"SMS_URL": ""}, "SMS_URL"),
        ({"APP_CLOCK": "2027-01-01T00:00:00+08:00"}, "APP_CLOCK"),
        ({"SCHEDULER": "sometimes"}, "SCHEDULER"),
        ({"PROXY_HOPS": "-1"}, "PROXY_HOPS"),
        ({"PORT": "八千"}, "PORT"),
    ],
)
def test_one_fault_stops_the_start_by_its_name(
    tmp_path: Path, change: dict[str, str | None], named: str
) -> None:
    (fault,) = faults(production(tmp_path, **change))
    assert fault.startswith(named)


@pytest.mark.parametrize("secret", ["Kq7", "a" * 64, "changeme" * 8, ""])
def test_a_weak_secret_stops_the_start(tmp_path: Path, secret: str) -> None:
    environ = production(tmp_path)
    Path(environ["SECRET_KEY_FILE"]).write_text(secret)
    (fault,) = faults(environ)
    assert fault.startswith("SECRET_KEY_FILE")
    assert secret not in fault or not secret


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_secret_that_others_may_read_stops_the_start(tmp_path: Path, mode: int) -> None:
    environ = production(tmp_path)
    Path(environ["SECRET_KEY_FILE"]).chmod(mode)
    assert "0600" in faults(environ)[0]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    environ = production(tmp_path, DATABASE_URL=None, TRUSTED_HOSTS=None, SMS_URL=None)
    assert [fault.split()[0] for fault in faults(environ)] == ["DATABASE_URL", "TRUSTED_HOSTS", "SMS_URL"]


def test_an_environment_nobody_named_is_a_demo_on_its_own_sqlite_only(tmp_path: Path) -> None:
    config = Config.from_env({"INSTANCE_DIR": str(tmp_path)})
    assert (config.env, config.is_sqlite) == ("demo", True)
    assert faults({"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": "sqlite:///x"})[0].startswith("APP_ENV")
    assert faults({"INSTANCE_DIR": str(tmp_path), "APP_ENV": "prod"})[0].startswith("APP_ENV")


def test_the_clock_can_be_set_in_tests_only(tmp_path: Path) -> None:
    environ = {"INSTANCE_DIR": str(tmp_path), "APP_CLOCK": "2027-01-01T09:00:00+08:00"}
    assert Config.from_env({**environ, "APP_ENV": "demo"}).clock is None
    set_to = Config.from_env({**environ, "APP_ENV": "test"}).clock
    assert set_to == dt.datetime(2027, 1, 1, 1, 0, tzinfo=dt.UTC)


def test_outside_production_a_secret_is_made_and_kept(tmp_path: Path) -> None:
    environ = {"APP_ENV": "demo", "INSTANCE_DIR": str(tmp_path / "new")}
    first = Config.from_env(environ).secret_key
    assert len(first) >= 48
    assert Config.from_env(environ).secret_key == first
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["secret.key"]


def make_keyring(path: Path) -> str:
    return Keyring.load_or_create(path, may_create=True).sealing.active


def test_processes_that_start_together_agree_on_one_keyring(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        made = pool.map(make_keyring, [tmp_path / "deep" / "keyring.json"] * 8)
    assert len(set(made)) == 1


def test_a_keyring_is_not_made_where_it_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="keyring"):
        Keyring.load_or_create(tmp_path / "keyring.json", may_create=False)
    path = tmp_path / "open.json"
    Keyring.create().save(path)
    path.chmod(0o644)
    with pytest.raises(BadKeyring, match="chmod 600"):
        Keyring.load_or_create(path, may_create=True)
