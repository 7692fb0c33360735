"""One frozen object from the environment. What is missing or weak stops the start, by its name (R08)."""

import contextlib
import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SECRET_BYTES = 32


class BadConfig(Exception):
    """The environment is not fit to start with. The message names each fault on its own line."""


@dataclass(frozen=True)
class Config:
    env: str
    database_url: str
    instance: Path
    secret_key: str
    keyring_file: Path
    storage_dir: Path
    fonts_dir: Path
    public_base_url: str
    trusted_hosts: tuple[str, ...]
    port: int = 8000
    proxy_hops: int = 0
    smtp_url: str = ""
    sms_url: str = ""
    scheduler: str = "embedded"
    clock: dt.datetime | None = None

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        return self.public_base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        """Read and judge the environment. Raises `BadConfig` with every fault found."""
        faults: list[str] = []
        env = environ.get("APP_ENV", "")
        if not env:
            env = "demo"
            if environ.get("DATABASE_URL"):
                faults.append("APP_ENV must be said (demo, test or production) when DATABASE_URL is set")
        if env not in ("demo", "test", "production"):
            faults.append(f"APP_ENV is {env!r}, not one of demo, test, production")
        production = env == "production"

        instance = Path(environ.get("INSTANCE_DIR") or ROOT / "instance")
        port = _whole(environ, "PORT", 8000, faults)
        hops = _whole(environ, "PROXY_HOPS", 0, faults)
        base = (environ.get("PUBLIC_BASE_URL") or ("" if production else f"http://127.0.0.1:{port}")).rstrip(
            "/"
        )
        hosts = tuple(host.strip() for host in environ.get("TRUSTED_HOSTS", "").split(",") if host.strip())
        if not production:
            hosts += tuple(
                {"127.0.0.1", "localhost", "[::1]", urlsplit(base).hostname or "localhost"} - set(hosts)
            )
        keyring = Path(environ.get("KEYRING_FILE") or instance / "keyring.json")
        secret_file = Path(environ.get("SECRET_KEY_FILE") or instance / "secret.key")
        database = environ.get("DATABASE_URL") or (
            "" if production else f"sqlite:///{instance / 'yongjiang.sqlite'}"
        )
        scheduler = environ.get("SCHEDULER") or "embedded"
        if scheduler not in ("embedded", "off"):
            faults.append(f"SCHEDULER is {scheduler!r}, not embedded or off")
        clock = None
        if environ.get("APP_CLOCK") and env == "test":
            clock = dt.datetime.fromisoformat(environ["APP_CLOCK"])
        loopback = "" if production else f"http://127.0.0.1:{port}/loopback/sms"
        sms, smtp = environ.get("SMS_URL", loopback), environ.get("SMTP_URL", "")

        if production:
            faults += _production_faults(environ, database, base, hosts, secret_file, keyring, sms, smtp)
        if faults:
            raise BadConfig("\n".join(faults))
        return cls(
            env=env,
            database_url=database,
            instance=instance,
            secret_key=_secret(secret_file),
            keyring_file=keyring,
            storage_dir=Path(environ.get("STORAGE_DIR") or instance / "storage"),
            fonts_dir=Path(environ.get("FONTS_DIR") or instance / "fonts"),
            public_base_url=base,
            trusted_hosts=hosts,
            port=port,
            proxy_hops=hops,
            smtp_url=smtp,
            sms_url=sms,
            scheduler=scheduler,
            clock=clock,
        )


def _production_faults(
    environ: Mapping[str, str],
    database: str,
    base: str,
    hosts: tuple[str, ...],
    secret_file: Path,
    keyring: Path,
    sms: str,
    smtp: str,
) -> list[str]:
    faults = []
    if not database:
        faults.append("DATABASE_URL is missing")
    if environ.get("FLASK_DEBUG", "0") not in ("", "0", "false", "False"):
        faults.append("FLASK_DEBUG must not be set in production")
    if not base.startswith("https://"):
        faults.append("PUBLIC_BASE_URL must be an https address")
    if not hosts:
        faults.append("TRUSTED_HOSTS is missing")
    faults += _secret_faults(secret_file)
    if not keyring.is_file():
        faults.append(f"KEYRING_FILE {keyring} does not exist")
    if not sms and not smtp:
        faults.append("SMS_URL or SMTP_URL must be set, or nobody can receive a code")
    if environ.get("APP_CLOCK"):
        faults.append("APP_CLOCK is for tests")
    return faults


def _secret_faults(path: Path) -> list[str]:
    if not path.is_file():
        return [f"SECRET_KEY_FILE {path} does not exist"]
    faults, secret = [], path.read_text().strip()
    if len(secret.encode()) < SECRET_BYTES or len(set(secret)) < 10:
        faults.append(f"SECRET_KEY_FILE {path} is shorter than {SECRET_BYTES} bytes, or a placeholder")
    if path.stat().st_mode & 0o077:
        faults.append(f"SECRET_KEY_FILE {path} may be read by others; its mode must be 0600")
    return faults


def _whole(environ: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    text = environ.get(name, "") or str(default)
    if not text.isascii() or not text.isdecimal():
        faults.append(f"{name} is {text!r}, not a whole number")
        return default
    return int(text)


def _secret(path: Path) -> str:
    """The session secret, made at the first start outside production."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # another process was first
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()
