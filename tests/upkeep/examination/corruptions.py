"""Ways in which a database can be damaged, by the number of the one rule that each of them breaks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, make_url

if TYPE_CHECKING:
    from ocop_workflow.store import Database


@dataclass(frozen=True)
class Corruption:
    """One kind of damage: SQL that does it, in one step or two, or SQL that spoils every connection."""

    invariant: int
    name: str
    sql: str = ""
    on_sqlite_connection: str = ""
    on_postgres_connection: str = ""
    then: str = ""

    def apply(self, database: Database) -> None:
        """Do the damage behind the database's back: no foreign key is looked at."""
        if not self.sql:
            self._spoil_connections(database)
        for sql in filter(None, (self.sql, self.then)):
            if database.file is not None:
                with closing(sqlite3.connect(database.file)) as sqlite, sqlite:
                    sqlite.execute(sql)
            else:
                _on_postgres(database, sql)

    def _spoil_connections(self, database: Database) -> None:
        sql = self.on_sqlite_connection if database.is_sqlite else self.on_postgres_connection

        def spoil(connection: Any, _record: object) -> None:  # noqa: ANN401 - either driver's connection
            connection.execute(sql)
            if not database.is_sqlite:
                connection.commit()

        database.close()
        event.listen(database.engine, "connect", spoil)


def _on_postgres(database: Database, sql: str) -> None:
    import psycopg  # noqa: PLC0415 - tests on SQLite go without

    url = make_url(database.engine.url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(sql.encode())


def _product(code: str) -> str:
    return f"(SELECT id FROM products WHERE code = '{code}')"


def _step(code: str, seq: int) -> str:
    return f"product_id = {_product(code)} AND seq = {seq}"


_ONE_DIGEST = "(SELECT MIN(digest_id) FROM reminders WHERE status = 'due')"
_ONE_SENT = "(SELECT MIN(id) FROM outbox WHERE state = 'sent')"
_SENT_NOTICE = "(SELECT MIN(id) FROM outbox WHERE state = 'sent' AND kind = 'notice')"
_WAITING = "(SELECT MIN(id) FROM outbox WHERE state = 'pending')"
_OPEN_FLAG = "(SELECT MIN(deadline_id) FROM flags WHERE cleared_on IS NULL)"
_CLEARED_FLAG = "(SELECT MIN(deadline_id) FROM flags WHERE cleared_on IS NOT NULL)"
_UNFLAGGED = (
    "(SELECT MIN(id) FROM deadlines WHERE closed_on IS NULL AND product_id IS NOT NULL "
    "AND id NOT IN (SELECT deadline_id FROM flags))"
)
_OF_THE_FIRST = "product_id = (SELECT id FROM products WHERE code = 'DP24-001') AND number = 1"
_REVOKED = "revoked_on IS NOT NULL"

_PAPER = (
    "INSERT INTO papers "
    "(product_id, dossier, kind, criteria, issued_on, expires_on, recorded_at, recorded_by) "
    "SELECT id, {dossier}, 'registration', '[]', '2024-04-20', {until}, '2024-04-23 00:00:00', 'lan' "
    "FROM products WHERE code = 'DP24-002'"
)

_FILE = (
    "INSERT INTO paper_files (paper_id, name, size, sha256, media_type, added_at, added_by) "
    "SELECT MIN(id), 'a.pdf', 9, 'not a hash', 'application/pdf', '2024-04-23 00:00:00', 'lan' FROM papers"
)

_DOCUMENT = (
    "INSERT INTO documents (session_id, kind, title, series, year, serial, number, issued_on, signer, "
    "draft_sha256, name, size, sha256, media_type, filed_at, filed_by) "
    "SELECT MIN(id), 'minutes', 'Biên bản', 'Hội đồng BB-HĐOCOP', 2024, 9, '08/BB-HĐOCOP', '2024-11-20', "
    f"'Chủ tọa', '{'a' * 64}', 'a.pdf', 9, '{'b' * 64}', 'application/pdf', '2024-11-21 00:00:00', 'thu' "
    "FROM council_sessions"
)

_VISIT = (
    "INSERT INTO visits (product_id, certificate_id, visited_on, visitors, conclusion, recorded_at, "
    "recorded_by) SELECT product_id, id, '{on}', 'x', 'x', '2024-04-23 00:00:00', 'lan' FROM certificates "
    "WHERE product_id IS NOT NULL ORDER BY id LIMIT 1"
)
_FOLLOW_UP = (
    "INSERT INTO visit_findings (visit_id, result, follow_up) SELECT MAX(id), 'not_met', 'x' FROM visits"
)

CORRUPTIONS = (
    Corruption(1, "a plan's text was changed", "UPDATE plans SET text = text || ' ' WHERE code = 'DN24'"),
    Corruption(1, "a plan cannot be read", "UPDATE plans SET text = 'format = ' WHERE code = 'DN24'"),
    Corruption(1, "a plan says another year", "UPDATE plans SET year = 1999 WHERE code = 'DN24'"),
    Corruption(
        1, "a plan is kept otherwise", "UPDATE compiled_plans SET content = replace(content, '2024', '2025')"
    ),
    Corruption(
        1,
        "a state that the ladder lacks",
        "UPDATE products SET state = 'district_scored' WHERE code = 'VD26-001'",
    ),
    Corruption(
        1,
        "a step under another regulation",
        f"UPDATE transitions SET regulation = 'qd-1' WHERE {_step('DP24-001', 1)}",
    ),
    Corruption(2, "a version too many", "UPDATE products SET version = version + 1 WHERE code = 'DP24-007'"),
    Corruption(2, "a gap", f"UPDATE transitions SET seq = 2 WHERE {_step('VD26-001', 1)}"),
    Corruption(3, "another state", "UPDATE products SET state = 'monitored' WHERE code = 'DP24-001'"),
    Corruption(3, "another day", "UPDATE products SET entered_on = '2024-01-01' WHERE code = 'DP24-001'"),
    Corruption(3, "another score", f"UPDATE dossiers SET score_mean = '67' WHERE {_OF_THE_FIRST}"),
    Corruption(3, "no score", f"UPDATE dossiers SET score_mean = NULL WHERE {_OF_THE_FIRST}"),
    Corruption(3, "another kind of dossier", f"UPDATE dossiers SET kind = 'upgrade' WHERE {_OF_THE_FIRST}"),
    Corruption(3, "no dossier", f"DELETE FROM dossiers WHERE {_OF_THE_FIRST}"),
    Corruption(3, "a dossier too many", "UPDATE dossiers SET number = 3 WHERE number = 2"),
    Corruption(3, "another current dossier", "UPDATE products SET dossier_no = 7 WHERE code = 'DP24-002'"),
    Corruption(4, "no such edge", f"UPDATE transitions SET event = 'resubmit' WHERE {_step('DP24-001', 3)}"),
    Corruption(
        4, "days run backwards", f"UPDATE transitions SET on_day = '2024-01-01' WHERE {_step('DP24-002', 3)}"
    ),
    Corruption(
        4,
        "instants run backwards",
        f"UPDATE transitions SET at = '2024-01-01 00:00:00' WHERE {_step('DP24-002', 3)}",
    ),
    Corruption(
        4, "an undoing of another step", f"UPDATE transitions SET undoes = 1 WHERE {_step('DP24-010', 3)}"
    ),
    Corruption(
        4,
        "an undoing of another day",
        f"UPDATE transitions SET on_day = '2024-11-29' WHERE {_step('DP24-010', 3)}",
    ),
    Corruption(
        4,
        "an undoing that leads elsewhere",
        f"UPDATE transitions SET target = 'idea' WHERE {_step('DP24-010', 3)}",
    ),
    Corruption(5, "no consultant", f"UPDATE transitions SET data = '{{}}' WHERE {_step('DP24-001', 3)}"),
    Corruption(
        5,
        "data that cannot be read",
        f"""UPDATE transitions SET data = '{{"consultant": 3}}' WHERE {_step("DP24-001", 3)}""",
    ),
    Corruption(5, "another star", "UPDATE certificates SET star = 4 WHERE ended_on IS NOT NULL"),
    Corruption(5, "another number", "UPDATE certificates SET number = '1' WHERE ended_on IS NULL"),
    Corruption(
        6,
        "a certificate that runs too long",
        "UPDATE certificates SET valid_until = '2031-01-01' WHERE ended_on IS NOT NULL",
    ),
    Corruption(6, "a certificate too few", "DELETE FROM certificates WHERE ended_on IS NOT NULL"),
    Corruption(8, "a flag is missing", f"DELETE FROM flags WHERE deadline_id = {_OPEN_FLAG}"),
    Corruption(8, "a past flag is missing", f"DELETE FROM flags WHERE deadline_id = {_CLEARED_FLAG}"),
    Corruption(
        8,
        "a flag raised on another day",
        f"UPDATE flags SET raised_on = '2024-01-01' WHERE deadline_id = {_OPEN_FLAG}",
    ),
    Corruption(
        8,
        "a flag cleared too early",
        f"UPDATE flags SET cleared_on = '2024-12-16' WHERE deadline_id = {_OPEN_FLAG}",
    ),
    Corruption(
        8,
        "a flag on what is in time",
        "INSERT INTO flags (deadline_id, raised_on) "
        f"SELECT id, due_on FROM deadlines WHERE id = {_UNFLAGGED}",
    ),
    Corruption(
        9, "a deadline without a rule", f"UPDATE deadlines SET rule = 'nothing' WHERE id = {_UNFLAGGED}"
    ),
    Corruption(
        9,
        "a deadline that was moved",
        f"UPDATE deadlines SET due_on = '2029-01-01' WHERE id = {_UNFLAGGED}",
    ),
    Corruption(
        9,
        "an activity without a rule",
        "UPDATE deadlines SET rule = 'nothing' WHERE kind = 'activity' AND closed_on IS NOT NULL",
    ),
    Corruption(
        13, "no sweep since yesterday", "UPDATE sweeps SET finished_at = NULL WHERE day > '2024-12-10'"
    ),
    Corruption(13, "an instant to come", "UPDATE imports SET at = '2999-01-01 00:00:00' WHERE id = 1"),
    Corruption(14, "a digest that nobody got", f"DELETE FROM outbox WHERE digest_id = {_ONE_DIGEST}"),
    Corruption(14, "a digest that says nothing", f"DELETE FROM reminders WHERE digest_id = {_ONE_DIGEST}"),
    Corruption(
        14,
        "a reminder that lies wrong",
        f"UPDATE reminders SET status = 'superseded' WHERE digest_id = {_ONE_DIGEST}",
    ),
    Corruption(
        14, "a decision that nobody was told", f"DELETE FROM notice_steps WHERE outbox_id = {_SENT_NOTICE}"
    ),
    Corruption(14, "a letter of nothing", f"UPDATE outbox SET kind = 'digest' WHERE id = {_SENT_NOTICE}"),
    Corruption(15, "other bytes", f"UPDATE outbox SET sha256 = '0' WHERE id = {_ONE_SENT}"),
    Corruption(15, "another key", f"UPDATE outbox SET key = 'x' WHERE id = {_ONE_SENT}"),
    Corruption(
        15,
        "a correction of another undoing",
        "UPDATE outbox SET key = 'x' WHERE kind = 'correction' AND transition_id IS NOT NULL",
    ),
    Corruption(15, "another name", f"UPDATE outbox SET message_id = '<x@y>' WHERE id = {_ONE_SENT}"),
    Corruption(15, "another recipient", f"UPDATE outbox SET address = 'x@y.example' WHERE id = {_ONE_SENT}"),
    Corruption(
        15, "another instant", f"UPDATE outbox SET created_at = '2024-01-01 00:00:00' WHERE id = {_ONE_SENT}"
    ),
    Corruption(15, "no letter at all", f"UPDATE outbox SET mime = '' WHERE id = {_ONE_SENT}"),
    Corruption(16, "attempts uncounted", f"UPDATE outbox SET attempts = 7 WHERE id = {_ONE_SENT}"),
    Corruption(
        16, "sent without an attempt", f"UPDATE outbox SET attempts = 0, fence = 0 WHERE id = {_ONE_SENT}"
    ),
    Corruption(
        17, "waits too long", f"UPDATE outbox SET next_at = '2024-12-18 00:00:00' WHERE id = {_WAITING}"
    ),
    Corruption(
        17,
        "half sent",
        "UPDATE outbox SET lease_until = '2024-12-16 20:00:00' WHERE state = 'sending'",
    ),
    Corruption(18, "sent, but who says so", f"UPDATE outbox SET relay_reply = NULL WHERE id = {_ONE_SENT}"),
    Corruption(18, "dead without a reason", "UPDATE outbox SET last_error = NULL WHERE state = 'dead'"),
    Corruption(
        18,
        "superseded by itself",
        "UPDATE digests SET superseded_by = id WHERE superseded_by IS NOT NULL",
    ),
    Corruption(
        18,
        "pending though superseded",
        "UPDATE outbox SET state = 'pending' WHERE state = 'superseded' AND digest_id IS NOT NULL",
    ),
    Corruption(
        23,
        "entry slipped into the audit",
        "INSERT INTO audit (seq, at, actor, origin, action, subject, previous, hash) "
        "SELECT seq + 1, at, 'ai đó', origin, action, subject, hash, substr(previous, 2) || '!' "
        "FROM audit ORDER BY seq DESC LIMIT 1",
    ),
    Corruption(
        22,
        "a merged unit with products",
        "UPDATE units SET valid_to = '2024-12-01', successor_id = 1 WHERE slug = 'pho-khanh'",
    ),
    Corruption(25, "a search key", "UPDATE products SET search_key = 'x' WHERE code = 'DP24-007'"),
    Corruption(25, "a sort key", "UPDATE units SET sort_key = 'x' WHERE slug = 'pho-an'"),
    Corruption(25, "a producer's key", "UPDATE producers SET search_key = 'x' WHERE id = 1"),
    Corruption(25, "blanks", "UPDATE contacts SET address = ' a' WHERE kind = 'place' AND id = 18"),
    Corruption(
        25,
        "a mark apart from its letter, in JSON",
        f'UPDATE transitions SET data = \'{{"consultant": "Ho\u0300a"}}\' WHERE {_step("DP24-001", 3)}',
    ),
    Corruption(
        26,
        "a flag of no sweep",
        f"UPDATE flags SET sweep_id = 999999 WHERE deadline_id = {_OPEN_FLAG}",
    ),
    Corruption(26, "a question about nothing", "UPDATE questions SET product_id = 999999"),
    Corruption(26, "a desk of nobody", "INSERT INTO desks (id, kind, unit_id) VALUES (7777, 'unit', 999999)"),
    Corruption(26, "a letter to no desk", f"UPDATE outbox SET desk_id = 999999 WHERE id = {_SENT_NOTICE}"),
    Corruption(28, "another revision", "UPDATE alembic_version SET version_num = '0000'"),
    Corruption(28, "never upgraded", "DROP TABLE alembic_version"),
    Corruption(28, "a broken upgrade", "CREATE TABLE _alembic_tmp_units (id INTEGER)"),
    Corruption(
        29,
        "commits that are not synced",
        on_sqlite_connection="PRAGMA synchronous=OFF",
        on_postgres_connection="SET synchronous_commit = off",
    ),
    Corruption(
        29,
        "foreign keys that nobody looks at",
        on_sqlite_connection="PRAGMA foreign_keys=OFF",
        on_postgres_connection="SET timezone = 'Asia/Ho_Chi_Minh'",
    ),
    Corruption(30, "a row too few", "UPDATE imports SET products = products + 1 WHERE id = 1"),
    Corruption(30, "rows of another plan", "UPDATE imports SET plan_id = 2 WHERE id = 1"),
    Corruption(14, "a correction of nothing", "DELETE FROM corrections"),
    Corruption(
        15,
        "another subject",
        "UPDATE outbox SET key = 'x' || key WHERE kind = 'correction' AND transition_id IS NOT NULL",
    ),
    Corruption(31, "a version is gone", "DELETE FROM plan_versions"),
    Corruption(31, "an earlier text was changed", "UPDATE plan_versions SET text = text || ' '"),
    Corruption(31, "an earlier text cannot be read", "UPDATE plan_versions SET text = 'format = '"),
    Corruption(
        31,
        "an earlier version of another plan",
        "UPDATE plan_versions SET text = (SELECT text FROM plans WHERE code = 'DN24'), "
        "sha256 = (SELECT sha256 FROM plans WHERE code = 'DN24')",
    ),
    Corruption(31, "versions that do not meet", "UPDATE plan_versions SET replaced_by = 'x'"),
    Corruption(32, "a milestone that never was", f"UPDATE extensions SET rule = 'none' WHERE {_REVOKED}"),
    Corruption(32, "an event that never was", "UPDATE occurrences SET event = 'none'"),
    Corruption(32, "an event before it happened", "UPDATE occurrences SET happened_on = '2025-01-01'"),
    Corruption(32, "half taken back", "UPDATE occurrences SET undone_by = NULL WHERE undone_by IS NOT NULL"),
    Corruption(
        32,
        "an event recorded at another hour",
        "UPDATE occurrences SET recorded_at = '2024-01-01 00:00:00'",
    ),
    Corruption(32, "half revoked", f"UPDATE extensions SET revoked_by = NULL WHERE {_REVOKED}"),
    Corruption(
        32,
        "revoked before it was granted",
        f"UPDATE extensions SET revoked_at = '2024-01-01 00:00:00' WHERE {_REVOKED}",
    ),
    Corruption(
        32,
        "more time for nobody",
        f"DELETE FROM extended_products WHERE extension_id IN (SELECT id FROM extensions WHERE {_REVOKED})",
    ),
    Corruption(
        33,
        "a session before the report",
        f"""UPDATE transitions SET data = '{{"session_date": "2024-09-30", "mean": "65"}}' """
        f"WHERE {_step('DP24-001', 5)}",
    ),
    Corruption(
        33,
        "a step before its plan",
        f"UPDATE transitions SET on_day = '2000-01-01' WHERE {_step('DP24-002', 1)}",
    ),
    Corruption(
        36, "rested on though proposed", "UPDATE certificates SET standing = 'proposed', settled_by = NULL"
    ),
    Corruption(36, "confirmed without a page", "UPDATE certificates SET shown_since = NULL"),
    Corruption(36, "given by mistake, yet it stands", "UPDATE certificates SET taken_back_on = '2024-04-23'"),
    Corruption(36, "followed, yet it runs", "UPDATE certificates SET replaced_by_id = id"),
    Corruption(36, "published too early", "UPDATE certificates SET published_on = '2000-01-01'"),
    Corruption(36, "refused, yet it runs", "UPDATE certificates SET standing = 'refused'"),
    Corruption(
        34,
        "closed before it was opened",
        "UPDATE deadlines SET closed_on = '2024-04-22' "
        "WHERE closed_because = 'reached' AND rule = 'selection'",
    ),
    Corruption(
        37,
        "a unit without a desk",
        "INSERT INTO units (slug, level, name, search_key, sort_key, office) "
        "SELECT 'x', level, name, search_key, sort_key, office FROM units WHERE slug = 'pho-an'",
    ),
    Corruption(
        38, "a subject that is not there", f"UPDATE deadlines SET subject_id = 999 WHERE id = {_UNFLAGGED}"
    ),
    Corruption(
        38,
        "open for a certificate that has ended",
        "UPDATE deadlines SET subject_id = (SELECT MIN(id) FROM certificates WHERE ended_on IS NOT NULL) "
        "WHERE subject = 'certificate' AND closed_on IS NULL",
    ),
    Corruption(
        42,
        "a file whose name is no hash",
        _PAPER.format(dossier=1, until="NULL"),
        then=_FILE,
    ),
    Corruption(39, "a paper of no dossier", _PAPER.format(dossier=9, until="NULL")),
    Corruption(39, "a paper that ended before it began", _PAPER.format(dossier=1, until="'2020-01-01'")),
    Corruption(
        39,
        "a form of no dossier",
        "INSERT INTO form_answers (product_id, dossier, form, answers, version, saved_at, saved_by) "
        "SELECT id, 9, 'mau-01', '{}', 1, '2024-04-23 00:00:00', 'lan' FROM products WHERE code = 'DP24-002'",
    ),
    Corruption(40, "a signed sheet of another checksum", "UPDATE score_sheets SET sha256 = 'ff'"),
    Corruption(41, "a result whose step is another's", "UPDATE session_products SET transition_id = 1"),
    Corruption(42, "a document whose number counts elsewhere", _DOCUMENT),
    Corruption(
        42,
        "a notice of what ran out in no span of days",
        _DOCUMENT.replace("08/BB", "09/BB").replace("'minutes'", "'expiry-notice'"),
    ),
    Corruption(43, "a visit of before the decision", _VISIT.format(on="2020-01-01")),
    Corruption(43, "a follow-up without a day", _VISIT.format(on="2099-01-01"), then=_FOLLOW_UP),
    Corruption(35, "nobody to be told", "UPDATE contacts SET valid_to = valid_from WHERE desk_id = 2"),
)
