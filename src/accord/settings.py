"""Settings: from flags, then ``ACCORD_*`` variables, then ``accord.toml`` in the current folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from accord.errors import UsageError
from accord.source_table import SourceTable, check_cron, distinct, wrong_table

SETTINGS_FILE = Path("accord.toml")

_WEB = r"^https?://[^\s/]+\S*$"
"""An address of a service."""


def data_folder() -> Path:
    """Return the folder of the user's data where Accord keeps what is not named otherwise."""
    return Path(platformdirs.user_data_dir("accord", appauthor=False))


class Settings(BaseSettings):
    """Everything that a user may set, with its default.

    ``store`` is a folder or the address of a SPARQL 1.1 server. ``model`` names another installed
    spaCy pipeline, or a folder with one, in place of the one that ships with Accord. An article
    with more than ``largest_article`` characters is set aside. ``batch`` is the number of
    articles a task. ``dask`` is the address of a Dask scheduler whose workers extract, ``exchange``
    the folder, or the address that fsspec knows, through which they hand back what they found. For
    a server that wants credentials, ``store_user`` and ``store_password``
    (``store_auth`` says how they are sent), or ``store_token``, a bearer's; a server that is out
    of reach during a run is asked again for ``store_patience`` seconds. ``token`` is what `accord
    serve` asks for from whoever writes. The ``from_`` settings are those of the store that
    `accord copy` reads: it never gets the credentials of the one that is written.

    `accord link` asks ``wikidata_endpoint`` (SPARQL), ``wikidata_api`` (MediaWiki) and the
    ``reconciliation`` service, and says there that ``contact`` can be written to; answers stay in
    the folder ``cache`` and are asked for again after ``cache_days``.

    Pages are fetched with ``pause`` seconds between two requests to one host, and from hosts in a
    private network only if ``private_hosts`` names them. ``source`` are the tables of the named
    sources; see :class:`~accord.source_table.SourceTable`.

    ``log`` is a file for structured logs, or ``-`` for standard error. `accord schedule` runs
    `accord report` by ``report_schedule`` (cron, in UTC), which sends its digest to
    ``report_webhook`` (an address that may be a secret) and to ``report_mail`` (addresses with
    commas between them), by ``mail_server`` (host:port) as ``mail_from``, with ``mail_user`` and
    ``mail_password`` where the server wants them.

    Any setting may also stand in a file of its own, ``accord_NAME`` in ``/run/secrets`` or the
    folder that ``ACCORD_SECRETS`` names, as containers are given their secrets.
    """

    credentials: ClassVar[str] = "ACCORD_STORE"
    """What the variables with the credentials start with, for messages."""

    model_config = SettingsConfigDict(
        env_prefix="ACCORD_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    store: str = Field(default_factory=lambda: str(data_folder() / "store"))
    store_auth: Literal["basic", "digest"] = "basic"
    store_user: str | None = None
    store_password: SecretStr | None = None
    store_token: SecretStr | None = None
    token: Annotated[SecretStr, Field(min_length=16)] | None = None
    from_auth: Literal["basic", "digest"] = "basic"
    from_user: str | None = None
    from_password: SecretStr | None = None
    from_token: SecretStr | None = None
    store_patience: Annotated[float, Field(ge=0)] = 120.0
    model: str | None = None
    workers: Annotated[int, Field(ge=1, le=256)] = 1
    batch: Annotated[int, Field(ge=1, le=1000)] = 50
    dask: Annotated[str, Field(pattern=r"^\w+://")] | None = None
    exchange: str | None = None
    largest_article: Annotated[int, Field(ge=1000)] = 1_000_000
    wikidata_endpoint: Annotated[str, Field(pattern=_WEB)] = "https://query.wikidata.org/sparql"
    wikidata_api: Annotated[str, Field(pattern=f"^$|{_WEB}")] = "https://www.wikidata.org/w/api.php"
    reconciliation: Annotated[str, Field(pattern=_WEB)] | None = None
    contact: Annotated[str, Field(pattern=r"^[\x21-\x7e]+$")] | None = None
    cache: str = Field(default_factory=lambda: str(data_folder() / "cache"))
    cache_days: Annotated[float, Field(gt=0)] = 90.0
    pause: Annotated[float, Field(ge=0, le=60)] = 1.0
    private_hosts: tuple[str, ...] = ()
    source: Annotated[tuple[SourceTable, ...], AfterValidator(distinct)] = ()
    log: str | None = None
    report_schedule: Annotated[str, AfterValidator(check_cron)] | None = "0 6 * * *"
    report_webhook: SecretStr | None = None
    report_mail: str | None = None
    mail_server: Annotated[str, Field(pattern=r"^[^\s:]+(:\d+)?$")] | None = None
    mail_from: str | None = None
    mail_user: str | None = None
    mail_password: SecretStr | None = None

    def parameters(self) -> dict[str, Any]:
        """Return the settings as JSON values for a flow, which reads the secrets by itself."""
        secret = {"store_password", "store_token", "from_password", "from_token", "token"}
        secret |= {"report_webhook", "mail_password"}
        return self.model_dump(mode="json", exclude=secret)

    def as_source(self) -> Settings:
        """Return the settings for a store that is only read, beside another that is written."""
        names = ("auth", "user", "password", "token")
        given = {f"store_{name}": getattr(self, f"from_{name}") for name in names}
        return _SourceSettings.model_construct(**(dict(self) | given))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Set the order: flags, environment, files with secrets, ``accord.toml``."""
        toml = TomlConfigSettingsSource(settings_cls)
        folder = Path(os.environ.get("ACCORD_SECRETS", "/run/secrets"))
        if not folder.is_dir():
            return init_settings, env_settings, toml
        secrets = SecretsSettingsSource(settings_cls, secrets_dir=folder)
        return init_settings, env_settings, secrets, toml


class _SourceSettings(Settings):
    credentials: ClassVar[str] = "ACCORD_FROM"


def load_settings(**flags: Any) -> Settings:
    """Return the settings in force.

    :param flags: values from the command line; None stands for a flag that was not given
    :raises UsageError: naming the setting, its value and what it may be
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        if first["loc"][:1] == ("source",):
            raise wrong_table(first, SETTINGS_FILE) from error
        name = ".".join(map(str, first["loc"]))
        field = Settings.model_fields.get(name)
        secret = field is not None and "Secret" in str(field.annotation)
        value = "" if secret else f" = {first['input']!r}"
        raise UsageError(
            f"The setting {name}{value} is wrong: {first['msg']}.",
            f"Look at the flag --{name}, the variable ACCORD_{name.upper()} and {SETTINGS_FILE}.",
        ) from error
    except ValueError as error:  # accord.toml is no TOML
        raise UsageError(
            f"{SETTINGS_FILE} cannot be read: {error}.", "Correct it or remove it."
        ) from error
