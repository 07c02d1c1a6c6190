"""The one place that knows the concrete things: settings in, an application out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_workflow.clock import SimulatedClock, SystemClock
from ocop_workflow.errors import Fault, InvalidInput
from ocop_workflow.fence.secret import Secret
from ocop_workflow.files import FileStore
from ocop_workflow.files.uploads import MIB
from ocop_workflow.letters.journal import Journal
from ocop_workflow.notifications import RetryPolicy, Sender, check_address
from ocop_workflow.notifications.files import FileMailer
from ocop_workflow.settings import load_settings
from ocop_workflow.store import Database
from ocop_workflow.store.troubles.fitness import refuse_misfit
from ocop_workflow.sweep.holding import Caution
from ocop_workflow.upkeep import demo_queries as demonstrations

if TYPE_CHECKING:
    from ocop_workflow.clock import Clock
    from ocop_workflow.notifications import Mailer
    from ocop_workflow.people.sign_in.sessions import SessionTerms
    from ocop_workflow.privacy.erasures import Erasures
    from ocop_workflow.privacy.terms import Terms
    from ocop_workflow.settings import Settings


@dataclass(frozen=True)
class Application:
    """Everything that the entrances (command line, scheduler, web) hand to the services."""

    settings: Settings
    clock: Clock
    database: Database
    sender: Sender
    retry_policy: RetryPolicy

    @property
    def caution(self) -> Caution:
        """When a sweep stops and asks."""
        return Caution(self.settings.sweep_gap, self.settings.sweep_first)

    @cached_property
    def demonstration(self) -> Path | None:
        """The folder of the demonstration whose database this is; none: the data are somebody's own."""
        file = self.database.file
        return file.parent if file and demonstrations.is_demonstration(self.database) else None

    @cached_property
    def journal(self) -> Journal:
        """The journal of the letters that were sent; the demonstration keeps its own."""
        folder = self.demonstration
        return Journal(folder / "sent.jsonl" if folder else self.settings.send_journal)

    @cached_property
    def erasures(self) -> Erasures:
        """The list of what was erased of people, beside the journal."""
        from ocop_workflow.privacy.erasures import NO_ERASURES, Erasures  # noqa: PLC0415 - a sweep needs none

        path = self.journal.path
        return Erasures(path.with_name("erasures.jsonl")) if path else NO_ERASURES

    @property
    def session_terms(self) -> SessionTerms:
        """How long somebody stays signed in to the console."""
        from ocop_workflow.people.sign_in.sessions import SessionTerms  # noqa: PLC0415 - as above

        idle, longest = self.settings.session_idle, self.settings.session_hours
        return SessionTerms(timedelta(minutes=idle), timedelta(hours=longest))

    @property
    def terms(self) -> Terms:
        """After how many days copies are deleted."""
        from ocop_workflow.privacy.terms import Terms  # noqa: PLC0415 - as above

        return Terms(**self.settings.keep.model_dump())

    @cached_property
    def secret(self) -> Secret:
        """The installation's secret; beside the database unless the settings say otherwise."""
        beside = self.database.file.parent if self.database.file else Path("var")
        given = None if self.demonstration else self.settings.secret_file
        return Secret(given or beside / "ocop.secret")

    @cached_property
    def files(self) -> FileStore:
        """The store of papers' files; a folder beside the database unless the settings say otherwise."""
        beside = self.database.file.parent if self.database.file else Path("var")
        given = "" if self.demonstration else self.settings.files_url
        url = given or (beside / "files").absolute().as_uri()
        return FileStore(url, self.settings.files_largest * MIB)

    def mailer(self) -> Mailer:
        """Open the door to the mail relay; the line itself is opened with the first letter.

        The demonstration's letters become files, whatever relay the settings name.
        """
        if self.demonstration:
            return FileMailer(self.demonstration / "mail")
        from ocop_workflow.notifications.smtp import SmtpMailer  # noqa: PLC0415 - most commands send nothing

        smtp = self.settings.smtp
        return SmtpMailer(smtp.host, smtp.port, smtp.user, smtp.password.get_secret_value(), smtp.tls)


def bootstrap(settings: Settings | None = None) -> Application:
    """Read the settings, unless they are given, and put the application together.

    Raises:
        InvalidInput: a setting cannot be used.
        WrongUse: the database's address cannot be understood.
    """
    settings = settings or load_settings()
    clock: Clock = SystemClock(settings.zone)
    if settings.now is not None:
        clock = SimulatedClock(settings.now, settings.zone)
    return Application(
        settings=settings,
        clock=clock,
        database=Database(settings.database_url.get_secret_value(), fence=refuse_misfit),
        sender=_sender(settings),
        retry_policy=RetryPolicy(),
    )


def _sender(settings: Settings) -> Sender:
    try:
        return Sender(check_address(settings.mail_from), settings.link_in_letters, settings.zone)
    except InvalidInput as error:
        faults = [Fault("OCOP_MAIL_FROM", error.text)]
        raise InvalidInput("Cấu hình có lỗi.", "The settings are at fault.", faults) from None
