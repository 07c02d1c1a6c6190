"""Mistakes planted in our own code, one at a time, each with the tests that have to catch it.

A harness that never fails proves nothing. Each mutant is a habit that has lost or doubled letters, steps or
days elsewhere, or a safeguard of ours left out. `test_mutants.py` plants each in a copy of the package and
asks its tests to find a wrong result. A mutant whose text has gone from the code fails with a sentence.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.reliability.outcome import Outcome
from tests.reliability.trial import try_tests

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Change:
    """`text` stands exactly once in `file` of the package, and becomes something else."""

    file: str
    text: str
    becomes: str


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    Attributes:
        name: what it is called.
        breaks: whose habit it is, or what it breaks, in one sentence.
        changes: where it is planted.
        nodes: the tests that have to catch it, each of them, as pytest names them.
    """

    name: str
    breaks: str
    changes: tuple[Change, ...]
    nodes: tuple[str, ...]

    @property
    def needs_postgres(self) -> bool:
        """Whether one of its tests runs on PostgreSQL."""
        return any("postgresql" in node for node in self.nodes)

    @property
    def needs_a_meeting(self) -> bool:
        """Whether it shows only if two processes happen to meet at one moment."""
        return any("test_together.py" in node for node in self.nodes)


@dataclass(frozen=True)
class Tally:
    """How many mutants were tried, how many were caught, and the names of the others."""

    mutants: int
    caught: int
    escaped: tuple[str, ...]


def tally(postgres: str | None, mutants: Sequence[Mutant] | None = None) -> Tally:
    """Try mutants, by default all, one after the other: about two minutes.

    Args:
        postgres: the address of a PostgreSQL server; none: mutants that need one are not tried.
        mutants: which.

    Raises:
        StaleMutantError: one does not fit the package any more.
    """
    tried = [one for one in mutants or MUTANTS if postgres or not one.needs_postgres]
    escaped = tuple(one.name for one in tried if not is_caught(one, postgres))
    return Tally(len(tried), len(tried) - len(escaped), escaped)


def plant(url: str, number: int, seed: int) -> Outcome:
    """Plant at most so many, in the order of chance: those that need this kind of database to be caught."""
    on_postgres = url.startswith("postgresql")
    chosen = [one for one in MUTANTS if one.needs_postgres == on_postgres]
    chosen = random.Random(seed).sample(chosen, min(number, len(chosen)))
    found = tally(url if on_postgres else None, chosen)
    outcome = Outcome(faults=found.mutants, checked=found.caught)
    outcome.demand(not found.escaped, "not caught:", *found.escaped)
    return outcome


def is_caught(mutant: Mutant, postgres: str | None) -> bool:
    """Plant one mutant and tell whether its tests catch it."""
    return try_tests(mutant.nodes, postgres, mutant).catches(mutant.nodes)


def checks(mutants: Sequence[Mutant]) -> tuple[str, ...]:
    """Return every test that has to catch one of these, each once."""
    return tuple(dict.fromkeys(node for mutant in mutants for node in mutant.nodes))


def _tests(file: str, *names: str) -> tuple[str, ...]:
    return tuple(f"tests/{file}::test_{name}" for name in names)


def _deeds(*cases: str) -> tuple[str, ...]:
    """Killed at each step, a deed is done or not begun."""
    whole = "whoever_is_killed_has_done_all_or_nothing"
    return _tests("reliability/test_deeds.py", *(whole + case for case in cases))


_SEEN = _tests(
    "letters/test_delivery.py",
    "while_a_letter_is_being_sent_everybody_sees_that_it_is_claimed_and_counted[sqlite-taken]",
)
_STEPS = _tests("reliability/test_steps.py", "a_crash_at_any_step_is_made_good_by_the_next_run[sqlite]")

_DELIVERY = "letters/delivery.py"
_LETTERS = "letters/queries.py"
_SMTP = "notifications/smtp.py"
_SWEEP = "sweep/daily.py"
_DIGESTS = "sweep/digests.py"
_MIGRATION = "store/migrations/versions/0017_first_tables.py"

# -- a letter on its way -------------------------------------------------------------------------------

_ON_ITS_WAY = (
    Mutant(
        "sent before sending",
        "healthchecks marks a notification as processed and sends it then: a crash between loses it",
        (
            Change(
                _DELIVERY,
                "    outcome = run.blame.weigh(claim.domain, _send(run, claim))\n",
                "    with run.connection.begin():\n"
                '        letters.settle_sent(run.connection, claim, run.clock.now(), "")\n'
                "    outcome = run.blame.weigh(claim.domain, _send(run, claim))\n",
            ),
        ),
        _STEPS,
    ),
    Mutant(
        "transaction open while sending",
        "django-mailer holds its lock while it speaks with the relay: a crash forgets that it was spoken to",
        (
            Change(
                _DELIVERY,
                "    with run.connection.begin():\n        claim = letters.claim_next(",
                "    run.connection.begin()\n    if True:\n        claim = letters.claim_next(",
            ),
            Change(
                _DELIVERY,
                "    if claim is None and run.turns",
                "    if claim is None:\n"
                "        run.connection.get_transaction().commit()\n"
                "    if claim is None and run.turns",
            ),
            Change(
                _DELIVERY,
                "    with run.connection.begin():\n        _settle(run, claim, outcome)",
                "    with run.connection.get_transaction():\n        _settle(run, claim, outcome)",
            ),
        ),
        _SEEN,
    ),
    Mutant(
        "attempt counted afterwards",
        "an attempt that is counted only when it has ended is not counted when it ends in a crash",
        (
            Change(_LETTERS, "        attempts=outbox.c.attempts + 1,\n", ""),
            Change(
                _LETTERS,
                "LetterState.SENDING, type_=outbox.c.state.type),\n    )\n",
                "LetterState.SENDING, type_=outbox.c.state.type),\n    )"
                ".values(attempts=outbox.c.attempts + 1)\n",
            ),
        ),
        _SEEN,
    ),
    Mutant(
        "Message-ID made at sending",
        "django-mailer gives each attempt a Message-ID of its own: no mail store knows the second copy again",
        (
            Change(
                _DELIVERY,
                "claim.address, claim.mime)",
                'claim.address, claim.mime.replace(b"Message-ID: <", b"Message-ID: <%d." % claim.attempts))',
            ),
        ),
        _STEPS,
    ),
    Mutant(
        "Date made at sending",
        "a second copy with another date is another letter to a mail store that compares both",
        (
            Change(
                _DELIVERY,
                "claim.address, claim.mime)",
                'claim.address, __import__("re").sub(rb"(?m)^Date: [^\\r]*", '
                'f"Date: {run.clock.now():%a, %d %b %Y %H:%M:%S} +0000".encode(), claim.mime))',
            ),
        ),
        _STEPS,
    ),
    Mutant(
        "lease without end",
        "what a dead process had claimed is never claimed again: it is lost without a word",
        (Change(_LETTERS, "or_(lease_until < now, lease_until > never)", "lease_until > never"),),
        _STEPS,
    ),
    Mutant(
        "settled without a fence",
        "who was too slow writes its outcome over that of the process which has taken over",
        (
            Change(
                _LETTERS,
                'outbox.c.fence == bindparam("by_fence"),',
                'bindparam("by_fence", type_=Integer) >= 0,',
            ),
        ),
        _tests(
            "letters/test_delivery.py",
            "who_was_too_slow_may_not_settle_while_another_one_sends[sqlite]",
            "who_was_too_slow_may_not_settle_while_another_one_sends[postgresql]",
        ),
    ),
    Mutant(
        "letters picked without a lock",
        "two processes pick one letter and both send it (seen at GOV.UK Notify's American twin)",
        (Change(_LETTERS, "    .with_for_update(skip_locked=True)\n", ""),),
        _tests(
            "reliability/test_together.py",
            "many_schedulers_at_once_write_what_one_writes_and_send_it_once[postgresql]",
        ),
    ),
    Mutant(
        "nothing looked at again before sending",
        "a letter goes out although everything that it reminds of has been done since",
        (Change(_LETTERS, "and reminding.is_overtaken(tx, picked.digest_id)", "and not picked.id"),),
        _tests(
            "letters/test_delivery_turns.py",
            "a_digest_that_events_have_overtaken_altogether_is_not_sent[sqlite]",
        ),
    ),
    Mutant(
        "clock trusted blindly",
        "what a clock that ran ahead has put off stays put off until that day really comes",
        (Change(_LETTERS, "NEVER_SO_LONG = timedelta(days=1)", "NEVER_SO_LONG = timedelta(days=9999)"),),
        _tests(
            "reliability/test_clock_jumps.py",
            "what_a_clock_ahead_put_off_is_not_put_off_for_months[sqlite]",
        ),
    ),
    Mutant(
        "journal not asked",
        "after a restore everything that went out since the backup goes out once more",
        (Change(_DELIVERY, "if known.has(claim.message_id, ", "if Journalled().has(claim.message_id, "),),
        _tests(
            "upkeep/test_backup.py",
            "after_yesterdays_backup_nothing_is_sent_twice_and_nothing_lost[sqlite]",
        ),
    ),
)

# -- what the relay says -------------------------------------------------------------------------------

_RELAY = (
    Mutant(
        "trouble at QUIT taken as failure",
        "the relay has said 250 and breaks off at the goodbye: the letter goes out again",
        (
            Change(
                _SMTP,
                "            return _expect(_OK, client.getreply())\n",
                "            reply = _expect(_OK, client.getreply())\n"
                "            client.quit()\n"
                "            self._hang_up()\n"
                "            return reply\n",
            ),
        ),
        _tests("letters/test_delivery_smtp.py", "a_relay_that_breaks_off_at_quit_has_the_letter[sqlite]"),
    ),
    Mutant(
        "doubt taken as sent",
        "the line breaks behind the final dot: if the relay had not taken the letter, it is lost",
        (
            Change(
                _DELIVERY,
                "        return error\n",
                '        return error.reply if getattr(error, "ambiguous", False) else error\n',
            ),
        ),
        _tests(
            "letters/test_delivery_smtp.py",
            "a_line_that_breaks_behind_the_final_dot_makes_an_identical_second_copy[sqlite]",
        ),
    ),
    Mutant(
        "doubt never counted",
        "a letter that always breaks the line behind the final dot goes out without end",
        (Change(_SMTP, "partial(TemporaryDeliveryError, ambiguous=True)", "TemporaryDeliveryError"),),
        _tests("notifications/test_smtp.py", "a_line_that_breaks_after_the_letter_leaves_doubt"),
    ),
    Mutant(
        "refused login counted against the letter",
        "a wrong password over two weeks kills every letter that was waiting",
        (
            Change(
                _SMTP,
                "with self._trouble_is(RelayError):",
                "with self._trouble_is(TemporaryDeliveryError):",
            ),
        ),
        _tests("notifications/test_smtp.py", "a_refused_login_is_the_set_ups_fault_and_shows_no_password"),
    ),
    Mutant(
        "relay's fault counted against the letter",
        "a relay that is away for two weeks kills every letter that was waiting",
        (
            Change(
                _DELIVERY,
                "    elif _is_the_relays(run, outcome):  #",
                "    elif isinstance(outcome, str):  #",
            ),
        ),
        _tests("letters/test_delivery.py", "the_relays_faults_bring_a_letter_nearer_to_no_limit[sqlite]"),
    ),
    Mutant(
        "relay at fault asked without pause",
        "a relay that is out of order is tried with every letter, every minute",
        (
            Change(
                "notifications/outbox.py",
                "return now + self.pause if faults >= self.limit else None",
                "return None",
            ),
        ),
        _tests(
            "letters/test_delivery_turns.py",
            "after_three_faults_of_the_relay_nothing_is_tried_for_five_minutes_then_one_probes[sqlite]",
        ),
    ),
    Mutant(
        "no turns between domains",
        "a large domain lets a small one wait for all of its own letters",
        (Change(_DELIVERY, "return self._failing | self._had", "return self._failing"),),
        _tests("letters/test_delivery_turns.py", "a_large_domain_takes_turns_with_a_small_one[sqlite]"),
    ),
    Mutant(
        "no patience limit for a domain",
        "a domain that refuses everything uses up the time of all the others",
        (Change(_DELIVERY, "if self._failed[domain] >= self._patience:", "if self._failed[domain] < 0:"),),
        _tests(
            "letters/test_delivery_turns.py",
            "a_domain_that_fails_three_times_waits_for_the_next_run[sqlite]",
        ),
    ),
    Mutant(
        "typed text becomes a header",
        "a product's name that holds an encoded line break adds a recipient on some versions of Python",
        (Change("notifications/mime.py", '.replace("=?", "= ?")', ""),),
        _tests("notifications/test_mime.py", "typed_marks_of_an_encoded_word_are_broken_up"),
    ),
    Mutant(
        "leading dots sent bare",
        "a line that is one dot ends the letter in the middle, and what follows is read as commands",
        (Change(_SMTP, '_LEADING_DOT.sub(b"..", message)', "message"),),
        _tests("notifications/test_smtp.py", "lines_of_dots_survive"),
    ),
)

# -- sweeps --------------------------------------------------------------------------------------------

_SWEEPS = (
    Mutant(
        "digest and letter in two commits",
        "healthchecks stores the new status and then what has to be sent: a crash between says nothing ever",
        (
            Change(
                _DIGESTS,
                "Written(letters.write_letters(tx, written, now), faults)",
                "Written(written, faults)",
            ),
            Change(
                _SWEEP,
                "        run.counts.letters += batch.letters\n",
                "        from ocop_workflow.letters import queries as letters\n"
                "        with begin():\n"
                "            run.counts.letters += letters.write_letters(\n"
                "                connection, batch.letters or [], clock.now()\n"
                "            )\n",
            ),
        ),
        _STEPS,
    ),
    Mutant(
        "check, then insert, without a key",
        "two sweeps find that nothing was said yet, and both say it",
        (
            Change(
                "store/dialect.py",
                "return insert_in(tx.dialect.name, table).on_conflict_do_nothing()",
                "return insert_in(tx.dialect.name, table)",
            ),
            Change(
                _MIGRATION,
                'sa.PrimaryKeyConstraint("deadline_id", "stage", "desk_id", name=op.f("pk_reminders")),',
                "",
            ),
            Change(_MIGRATION, 'sa.PrimaryKeyConstraint("deadline_id", name=op.f("pk_flags")),', ""),
        ),
        _tests(
            "reliability/test_together.py",
            "many_schedulers_at_once_write_what_one_writes_and_send_it_once[postgresql]",
        ),
    ),
    Mutant(
        "digests written without taking turns",
        "two sweeps write the same unit's letter of the day at once, and one of them falls over",
        (Change("letters/digest_queries.py", 'if tx.dialect.name != "sqlite":', "if not tx:"),),
        _tests(
            "reliability/test_together.py",
            "many_schedulers_at_once_write_what_one_writes_and_send_it_once[postgresql]",
        ),
    ),
    Mutant(
        "old letter not held while it is written anew",
        "a deliverer sends the older letter while its items move to the new one: they are said twice",
        (
            Change(
                "letters/digest_queries.py",
                "tx.execute(waiting.with_for_update())",
                "tx.execute(waiting)",
            ),
        ),
        _tests(
            "sweep/test_digests_waiting.py",
            "while_a_letter_is_being_written_anew_nobody_sends_the_old_one[postgresql]",
        ),
    ),
    Mutant(
        "half-sent digest taken back",
        "one of two addresses has had the letter, and gets all of it again in the next one",
        (
            Change(
                "letters/digest_queries.py",
                "if desk in digest_by_desk and old not in started:",
                "if desk in digest_by_desk:",
            ),
        ),
        _tests(
            "sweep/test_digests_waiting.py",
            "a_letter_of_which_one_copy_has_left_is_not_taken_back[sqlite]",
        ),
    ),
    Mutant(
        "two letters on one day",
        "what turns up after the day's letter has left is mailed at once, in a second one",
        (Change(_DIGESTS, " and desk not in served]", "]"),),
        _tests(
            "sweep/test_digests_waiting.py",
            "where_the_days_letter_has_left_the_rest_waits_for_the_next_working_day[sqlite]",
        ),
    ),
    Mutant(
        "only today's work found",
        "GOV.UK Notify looks at a window of five minutes: what fell into a pause is never found again",
        (
            Change(
                "sweep/queries.py",
                "due = deadlines.c.next_action_on <= day",
                "due = deadlines.c.next_action_on == day",
            ),
        ),
        _tests(
            "sweep/test_sweep.py",
            "after_ten_days_without_power_everything_is_as_if_it_had_run_daily[sqlite]",
        ),
    ),
    Mutant(
        "flag dated by the sweep",
        "after a pause a product seems to be late since the day on which somebody looked",
        (Change("calendar/reminders.py", "raise_flag_on=max(late_from, since)", "raise_flag_on=today"),),
        _tests(
            "sweep/test_sweep.py",
            "after_ten_days_without_power_everything_is_as_if_it_had_run_daily[sqlite]",
        ),
    ),
    Mutant(
        "scheduler's own grace",
        "APScheduler drops a job that is a second late, and nobody hears of it",
        (Change("scheduler.py", '"misfire_grace_time": None', '"misfire_grace_time": 1'),),
        _tests(
            "test_scheduler.py",
            "nothing_is_skipped_for_being_late_and_nothing_runs_twice_at_once[sqlite]",
        ),
    ),
)

# -- steps, days and the database ----------------------------------------------------------------------

_DATA = (
    Mutant(
        "history outside the transaction",
        "the history tells of a step that has never happened",
        (
            Change(
                "products/queries.py",
                "    ((number,),) = _STEP.rows(tx, **values)\n",
                "    with tx.engine.begin() as other:\n        ((number,),) = _STEP.rows(other, **values)\n",
            ),
        ),
        _tests(
            "reliability/test_lost_answers.py",
            "a_step_whose_commit_was_not_answered_is_never_done_twice[postgresql]",
        ),
    ),
    Mutant(
        "version not guarded",
        "of two officers who act at once the second overwrites what the first has done",
        (
            Change(
                "products/queries.py",
                'products.c.version == bindparam("as_read")',
                'products.c.version != bindparam("as_read") - 1',
            ),
        ),
        _tests(
            "overview/test_found.py",
            "only_who_saw_the_last_version_may_move_a_product[sqlite]",
            "only_who_saw_the_last_version_may_move_a_product[postgresql]",
        ),
    ),
    Mutant(
        "BEGIN as SQLite has it",
        "a writer that has read first is refused, or overwrites what another one wrote meanwhile",
        (Change("store/database.py", 'driver, "BEGIN IMMEDIATE",', 'driver, "BEGIN",'),),
        _tests("store/test_database.py", "four_processes_that_add_at_once_lose_nothing[sqlite]"),
    ),
    Mutant(
        "each statement for itself",
        "a deed that is cut short is half done: nothing holds its statements together",
        (
            Change(
                "store/database.py",
                '    _wait_for_the_lock(driver, "BEGIN IMMEDIATE", options.get("ocop_until"))\n',
                "    assert driver\n",
            ),
        ),
        _deeds("[sqlite-plan change]", "[sqlite-upgrade]"),
    ),
    Mutant(
        "restore by moving away first",
        "killed between two renames, a restore has left no database at all",
        (
            Change(
                "upkeep/backup_queries.py",
                "        os.link(file, aside)\n    except",
                "        file.rename(aside)\n    except",
            ),
        ),
        _deeds("[sqlite-restore]"),
    ),
    Mutant(
        "commits not synced",
        "after a power cut SQLite has forgotten what was promised",
        (Change("store/database.py", "PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL"),),
        _tests(
            "store/test_database.py",
            "sqlite_checks_foreign_keys_syncs_every_commit_and_lets_readers_read",
        ),
    ),
    Mutant(
        "instants stored as they come",
        "an instant in another zone comes back hours off, on SQLite only",
        (
            Change(
                "store/types.py",
                "return utc.replace(tzinfo=None) if",
                "return value.replace(tzinfo=None) if",
            ),
        ),
        _tests("store/test_types.py", "an_instant_comes_back_the_same_and_in_utc[sqlite]"),
    ),
    Mutant(
        "today in UTC",
        "until seven in the morning every due date is a day late",
        (
            Change(
                "clock.py",
                "        return instant.astimezone(self._zone)\n\n\n",
                "        return instant\n\n\n",
            ),
        ),
        _tests("test_clock.py", "the_day_begins_in_vietnam_at_seventeen_hours_utc"),
    ),
    Mutant(
        "months added one by one",
        "30/11 and three months, twelve times, ends on 28/11: two days of validity are gone",
        (
            Change(
                "regulations/validity.py",
                "    day = decided_on + relativedelta(months=validity.months)\n",
                "    day = decided_on\n"
                "    for _ in range(validity.months):\n"
                "        day += relativedelta(months=1)\n",
            ),
        ),
        _tests("regulations/test_validity.py", "months_are_added_once_from_the_day_of_the_decision"),
    ),
)

# -- borders, reach, restores and disks: what a suite has once let pass ----------------------------------

_BORDERS = "sweep/test_borders.py"
_BACKUPS = "upkeep/backup_queries.py"
_JOURNAL = "letters/journal.py"
_ROUTES = _tests("web/test_access.py", "each_route_asks_for_its_scope_and_for_no_more[sqlite]")


def _border(name: str, breaks: str, change: Change, test: str, size: int) -> Mutant:
    """A slip at the border of a batch, which shows where there is just enough for two batches."""
    return Mutant(f"border of {name}", breaks, (change,), _tests(_BORDERS, f"{test}[sqlite-{size}]"))


_LET_PASS = (
    _border(
        "a batch of digests",
        "with a hundred and fifty communes one gets no letter",
        Change(
            _SWEEP,
            "waiting[start : start + DIGEST_BATCH]",
            "waiting[start : start + max(DIGEST_BATCH - 1, 1)]",
        ),
        "every_unit_gets_its_letter_however_large_a_batch_of_digests_is",
        6,
    ),
    _border(
        "a batch of mergers",
        "what is merged beyond the first few stays under the old name",
        Change(_SWEEP, "    while carried:\n", "    if carried:\n"),
        "every_merger_is_carried_out_however_many_at_once",
        2,
    ),
    _border(
        "a stretch of deadlines",
        "one product in each stretch is never looked at",
        Change("sweep/queries.py", "[(low, min(low + step, size))", "[(low, min(low + step - 1, size))"),
        "every_row_is_dealt_with_however_long_a_stretch_is",
        14,
    ),
    _border(
        "a batch of the proof",
        "the proof passes over a product, and finds everything in order",
        Change("store/batching.py", "last = rows[-1].id", "last = rows[-1].id + 1"),
        "doctor_proof_and_simulation_read_everything_however_large_their_batches_are",
        13,
    ),
    _border(
        "a part of a change",
        "a change of the plan leaves a product with its old day",
        Change(
            "store/dialect.py", "ordered[start : start + AT_ONCE]", "ordered[start : start + AT_ONCE - 1]"
        ),
        "what_is_asked_for_many_at_once_is_whole",
        13,
    ),
    _border(
        "a part of the open deadlines",
        "in a list of many products some seem to have no deadline",
        Change("deadlines/queries.py", "ids[start : start + AT_ONCE]", "ids[start : start + AT_ONCE - 1]"),
        "what_is_asked_for_many_at_once_is_whole",
        13,
    ),
    _border(
        "a part of the histories",
        "in a list of many products some seem to have done nothing",
        Change(
            "products/queries.py",
            "product_ids[start : start + AT_ONCE]",
            "product_ids[start : start + AT_ONCE - 1]",
        ),
        "what_is_asked_for_many_at_once_is_whole",
        13,
    ),
    Mutant(
        "who may read enough to administer",
        "a token that was made for reading takes a plan in, merges units, and reads the audit",
        (Change("web/contract/operations.py", "SCOPE: needs.scope.value", "SCOPE: Scope.READ.value"),),
        _ROUTES,
    ),
    Mutant(
        "the audit to anybody's token",
        "a route asks for no right of its own, so any token will do",
        (Change("web/api/audit.py", "        needs=Permission.READ_AUDIT,\n", ""),),
        _ROUTES,
    ),
    Mutant(
        "a merger with any token",
        "a route asks for no right of its own, so a token made for steps ends a unit",
        (Change("web/api/places/units.py", "        needs=Permission.MANAGE_UNITS,\n", ""),),
        _ROUTES,
    ),
    Mutant(
        "merged communes called silent",
        "the authority hears for months that a commune is silent which is no more",
        (
            Change(
                "places/queries.py", "if unit.id not in busy and unit.lives(on)]", "if unit.id not in busy]"
            ),
        ),
        _tests(_BORDERS, "a_commune_that_has_been_merged_is_not_called_silent[sqlite]"),
    ),
    Mutant(
        "what was being sent not held by a restore",
        "a letter that was on its way when the backup was made goes out once more",
        (Change(_BACKUPS, "WHERE state IN ('pending', 'sending')", "WHERE state IN ('pending')"),),
        _tests(
            "upkeep/test_backup.py",
            "a_letter_that_was_being_sent_is_held_too_and_may_have_been_read[sqlite]",
        ),
    ),
    Mutant(
        "doubt forgotten by a restore",
        "of a letter that was being sent nobody hears that it may have been read",
        (
            Change(
                _BACKUPS,
                "WHEN state = 'sending' THEN 1 ELSE 0 END",
                "WHEN state = 'sending' THEN 0 ELSE 0 END",
            ),
        ),
        _tests(
            "upkeep/test_backup.py",
            "a_letter_that_was_being_sent_is_held_too_and_may_have_been_read[sqlite]",
        ),
    ),
    Mutant(
        "second digest beside a held one",
        "a unit whose letter of the day an officer holds gets another one on the same day",
        (
            Change(
                "letters/digest_queries.py",
                "outbox.c.state.not_in([LetterState.PENDING, LetterState.SUPERSEDED, LetterState.CANCELLED])",
                "outbox.c.state.not_in([LetterState.PENDING, LetterState.SUPERSEDED, "
                "LetterState.CANCELLED, LetterState.HELD])",
            ),
        ),
        _tests(_BORDERS, "a_unit_whose_letter_of_the_day_an_officer_holds_gets_no_second_one[sqlite]"),
    ),
    Mutant(
        "journal not on the disk",
        "after a power cut the journal does not know what went out, and a restore sends it again",
        (Change(_JOURNAL, "        os.fsync(file)\n", ""),),
        _tests("letters/test_journal.py", "the_journal_is_on_the_disk_before_the_database_says_sent[sqlite]"),
    ),
    Mutant(
        "journal without its name",
        "after a power cut there is no journal where it was made on that day",
        (Change(_JOURNAL, "                sync_folder(path.parent)\n", "                pass\n"),),
        _tests("letters/test_journal.py", "the_journal_is_on_the_disk_before_the_database_says_sent[sqlite]"),
    ),
    Mutant(
        "backup published before the disk has it",
        "after a power cut a backup's name stands for an empty file",
        (Change(_BACKUPS, "    sync(part)\n    refuse_taken(target)\n", "    refuse_taken(target)\n"),),
        _tests(
            "upkeep/test_backup.py",
            "a_backup_has_its_name_only_when_the_disk_has_file_and_folder[sqlite]",
        ),
    ),
    Mutant(
        "backup without its name",
        "after a power cut a backup that was said to be made is nowhere",
        (Change(_BACKUPS, "    sync_folder(target.parent)\n", ""),),
        _tests(
            "upkeep/test_backup.py",
            "a_backup_has_its_name_only_when_the_disk_has_file_and_folder[sqlite]",
        ),
    ),
    Mutant(
        "restored before the disk has it",
        "after a power cut there is neither the old database nor the new one",
        (Change(_BACKUPS, "    sync(part)\n    return revision, held\n", "    return revision, held\n"),),
        _tests(
            "upkeep/test_backup.py",
            "a_restored_database_has_its_name_only_when_the_disk_has_file_and_folder",
        ),
    ),
)

MUTANTS = (*_ON_ITS_WAY, *_RELAY, *_SWEEPS, *_DATA, *_LET_PASS)
