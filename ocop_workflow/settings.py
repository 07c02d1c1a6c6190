"""Settings: environment variables `OCOP_…`, then `ocop.toml` beside the service, then these defaults.

Read once, by `bootstrap`. Secrets are `SecretStr`: they do not show in a print or a log.
"""

from __future__ import annotations

import os
import tomllib
from datetime import time
from difflib import SequenceMatcher
from enum import StrEnum
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from ocop_workflow.bounds import MAX_CHARACTERS, out_of_bounds
from ocop_workflow.errors import Fault, InvalidInput, WrongUse, fault
from ocop_workflow.wording import BilingualError, faults_of

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


#: ends of names that lead nowhere outside a house
_INNER = frozenset({"local", "localhost", "internal", "lan", "home", "intranet", "test", "invalid"})


class Tls(StrEnum):
    """How the line to the mail relay is protected. There is no silent fall-back from one to another."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


class SmtpSettings(BaseModel):
    """The mail relay."""

    model_config = ConfigDict(frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=587, ge=1, le=65535)
    user: str = ""
    password: SecretStr = SecretStr("")
    tls: Tls = Tls.STARTTLS


class KeepSettings(BaseModel):
    """After how many days copies are deleted, counted from their end (`docs/personal-data.md`)."""

    model_config = ConfigDict(frozen=True)

    letters: int = Field(default=1095, ge=90)  # bytes and address of letters that have come to an end
    contacts: int = Field(default=365, ge=30)  # units' addresses to which nothing is sent any more
    officers: int = Field(default=365, ge=30)  # passwords and labels of disabled officers
    sign_ins: int = Field(default=30, ge=1)  # failed sign-ins
    replies: int = Field(default=7, ge=1)  # what repeated requests were answered


def _zone_exists(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder of zones, `Asia`
        raise BilingualError("không có múi giờ nào tên như vậy", "no time zone has this name") from error
    return name


def _are_networks(written: str) -> str:
    for one in _split(written):
        ip_network(one, strict=False)
    return written


def _is_store(url: str) -> str:
    """Take the address of a store of files: a folder by its whole path, or one on other machines."""
    parts = urlsplit(url)
    is_folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    if url and not is_folder and not (parts.scheme in ("s3", "gs", "az") and parts.netloc):
        raise BilingualError(
            "phải là địa chỉ kho tệp: file:///thư-mục, s3://kho/nhánh, gs://… hoặc az://…",
            "must be the address of a store: file:///folder, s3://bucket/prefix, gs://… or az://…",
        )
    return url


def _split(written: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in written.split(",") if one.strip())


class _File(TomlConfigSettingsSource):
    """`ocop.toml`, with or without the byte order mark that Notepad writes before it."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        with file_path.open("rb") as file:
            text = file.read(4 * MAX_CHARACTERS).decode("utf-8-sig")
        if beyond := out_of_bounds(text):
            raise BilingualError(beyond.vi, beyond.en)
        return tomllib.loads(text)


class Settings(BaseSettings):
    """Everything that may differ from one installation to the next."""

    model_config = SettingsConfigDict(
        env_prefix="OCOP_",
        env_nested_delimiter="__",
        toml_file="ocop.toml",
        frozen=True,
        extra="ignore",
    )

    database_url: SecretStr = SecretStr("sqlite:///var/ocop.sqlite3")
    smtp: SmtpSettings = SmtpSettings()
    mail_from: str = "ocop@ocop.example"
    public_url: str = "http://127.0.0.1:8000"
    timezone: Annotated[str, AfterValidator(_zone_exists)] = "Asia/Ho_Chi_Minh"
    sweep_at: time = time(6, 0)
    sweep_gap: int = Field(default=21, ge=1)  # days since the last sweep, more of which have to be confirmed
    sweep_first: int = Field(default=20, ge=0)  # letters of a first sweep about what is long past, likewise
    now: AwareDatetime | None = None
    send_journal: Path = Path("var/sent.jsonl")
    token_rate: int = Field(default=600, ge=0)  # requests a minute of one token; 0: without end
    officer_rate: int = Field(default=1200, ge=0)  # of one officer, with whatever token
    session_idle: int = Field(default=120, ge=5, le=720)  # minutes without a request that end a sign-in
    session_hours: int = Field(default=12, ge=1, le=24)  # after which a sign-in ends in any case
    secret_file: Path | None = None  # none: `ocop.secret` beside the database
    files_url: Annotated[str, AfterValidator(_is_store)] = ""  # empty: the folder `files` beside the database
    files_largest: int = Field(default=50, ge=1, le=1000)  # MiB of one file of a paper
    keep: KeepSettings = KeepSettings()
    trusted_proxies: Annotated[str, AfterValidator(_are_networks)] = ""

    @property
    def proxies(self) -> tuple[str, ...]:
        """The addresses and networks whose `X-Forwarded-For` is believed; none: nobody's."""
        return _split(self.trusted_proxies)

    @property
    def zone(self) -> ZoneInfo:
        """The programme's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def link_in_letters(self) -> str:
        """The address that letters name; empty where it leads nowhere but to this very machine."""
        host = urlsplit(self.public_url).hostname or ""
        return "" if host == "localhost" or host.startswith("127.") or host == "::1" else self.public_url

    @property
    def public_address(self) -> str:
        """The address that may be printed for everybody; empty where it is none that the world reaches."""
        host = urlsplit(self.public_url).hostname or ""
        try:
            reached = ip_address(host).is_global
        except ValueError:
            reached = "." in host and host.rpartition(".")[2] not in _INNER
        return self.public_url if reached else ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment above `ocop.toml`."""
        return init_settings, env_settings, _File(settings_cls)


def load_settings(**given: object) -> Settings:
    """Read the settings; whatever is `given` wins over environment and file.

    Raises:
        InvalidInput: a setting cannot be read; one fault for each, at its variable's name. The value
            itself is never repeated: it may be a secret.
        WrongUse: there is no setting of that name.
    """
    try:
        _refuse_unknown()
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks what is given
    except ValidationError as error:
        faults = [
            Fault("OCOP_" + "__".join(str(part).upper() for part in location), text)
            for location, text in faults_of(error.errors(include_url=False))
        ]
    except SettingsError:
        faults = [
            fault(
                "OCOP_SMTP",
                "phải viết từng mục riêng: OCOP_SMTP__HOST, OCOP_SMTP__PORT …",
                "write its entries one by one: OCOP_SMTP__HOST, OCOP_SMTP__PORT …",
            )
        ]
    except BilingualError as error:
        faults = [Fault("ocop.toml", error.text)]
    except (OSError, ValueError) as error:
        faults = [fault("ocop.toml", f"không đọc được tệp ({error})", f"the file cannot be read ({error})")]
    raise InvalidInput("Cấu hình có lỗi.", "The settings are at fault.", faults)


#: variables that our own tests read
_OF_TESTS = "OCOP_TEST_"


def _refuse_unknown() -> None:
    """Let no setting be overlooked for a slip of the keyboard, in the environment or in `ocop.toml`."""
    # the one place that reads the environment by itself: the library passes over what it does not know
    variables = [name.upper() for name in os.environ]  # noqa: TID251 - this is the place
    ours = (name for name in variables if name.startswith("OCOP_") and not name.startswith(_OF_TESTS))
    written = {name: name.removeprefix("OCOP_").lower() for name in ours}
    for name, value in _File(Settings)().items():
        if isinstance(value, dict):
            written |= {f"ocop.toml: {name}.{key}": f"{name}__{key}" for key in value}
        else:
            written[f"ocop.toml: {name}"] = name
    known = _names()
    faults = [_unknown(place, name, known) for place, name in written.items() if name not in known]
    if faults:
        raise WrongUse("Có tên cấu hình gõ sai.", "A setting has a name that nobody knows.", faults)


def _names() -> set[str]:
    parts = {"smtp": SmtpSettings, "keep": KeepSettings}
    nested = {f"{part}__{name}" for part, held in parts.items() for name in held.model_fields}
    return {*Settings.model_fields, *nested}


def _unknown(place: str, name: str, known: set[str]) -> Fault:
    nearest = "OCOP_" + max(known, key=lambda one: SequenceMatcher(None, name, one).ratio()).upper()
    return fault(
        place, f"không có cấu hình này; gần nhất là {nearest}", f"no such setting; the nearest is {nearest}"
    )


__all__ = ["KeepSettings", "Settings", "SmtpSettings", "Tls", "load_settings"]
