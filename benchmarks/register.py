"""A list of 10,000 certificates: read, judged, entered; beside reading the file and the same rows by hand."""

from __future__ import annotations

import secrets
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import openpyxl
import xlsxwriter

from benchmarks import data, floors
from benchmarks.data import NOW, PROVINCES, SPIKE
from benchmarks.measuring import Row, Stopwatch, in_child, medians
from ocop_workflow.access import Role, operator
from ocop_workflow.imports.register.importing import RegisterOrder, import_register, read_register_file
from ocop_workflow.people.officers import actor_on_host, add_officer
from ocop_workflow.states import EvidenceLevel
from ocop_workflow.store import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.measuring import Run
    from benchmarks.stores import Store

#: rows of the list, products of one producer
ROWS, OF_ONE = 10_000, 3
_HEADING = (
    *("TT", "Tên sản phẩm", "Chủ thể", "Người đại diện", "Địa chỉ", "Xã", "Hạng sao", "Số quyết định"),
    *("Ngày cấp", "Cơ quan"),
)
#: what both sides have to leave, counted
_LEFT = ("producers", "contacts", "products", "certificates", "transitions", "deadlines", "audit")


def _cells() -> Iterator[tuple[object, ...]]:
    """Yield the rows of a list of one province: producers with three products each, all made up."""
    communes = [i for i in range(data.COMMUNES) if i % data.AUTHORITIES % PROVINCES == 0]
    for number in range(ROWS):
        owner = number // OF_ONE
        commune = communes[owner % len(communes)]
        yield (
            *(number + 1, f"Sản phẩm thử {number}", f"HTX giả định {owner}", f"Đại diện thử {owner}"),
            *(f"Thôn {owner}", f"Đơn vị {commune}", "3 sao", f"{owner}/QĐ-UBND", "05/8/2023", "UBND huyện"),
        )


def write_list(path: Path) -> None:
    """Write the list as an office would."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("Danh sách")
        page.write_row(0, 0, _HEADING)
        for row, cells in enumerate(_cells(), start=1):
            page.write_row(row, 0, cells)


def _with_officer(url: str) -> None:
    database = Database(url)
    with database.write() as tx:
        add_officer(tx, operator("benchmark"), "tinh", "tinh", Role.AUTHORITY_OFFICER, "province-0", now=NOW)
    database.close()


def ours(watch: Stopwatch, url: str, file: str) -> None:
    """Bring the list in as its province does."""
    database = Database(url)
    with watch, database.write() as tx:
        actor = actor_on_host(tx, "tinh", "benchmark")
        order = RegisterOrder(actor, EvidenceLevel.SIGNED, SPIKE, NOW)
        report = import_register(tx, read_register_file(Path(file)), order, publish=True)
    if not report.published:
        raise AssertionError(report.verdicts[0])
    database.close()


def floor(watch: Stopwatch, url: str, file: str) -> None:
    """Read the workbook by the library alone, and send the same rows through the raw driver."""
    raw = floors.Raw(url)
    with watch:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
        raw.run(raw.begin)
        _insert(raw, rows)
        raw.run("COMMIT")
    raw.close()


def _insert(raw: floors.Raw, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert what the service writes of as many certificates, table by table."""
    units = {name: number for number, name in raw.run("SELECT id, name FROM units WHERE level = 'commune'")}
    base = {table: raw.run(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()[0] for table in _LEFT[:4]}
    seq = raw.run("SELECT COALESCE(MAX(seq), 0) FROM audit").fetchone()[0]
    at, on = NOW.isoformat(" ")[:19], SPIKE.isoformat()
    owners: dict[object, tuple[int, int, object]] = {}
    for row in rows:
        owners.setdefault(row[2], (base["producers"] + len(owners) + 1, units[row[5]], row[3]))
    chain = [secrets.token_hex(32) for _ in range(len(rows) + 1)]
    put: dict[str, list[tuple[object, ...]]] = {table: [] for table in _LEFT}
    put["producers"] += [(number, unit, name, who, name) for name, (number, unit, who) in owners.items()]
    for n, row in enumerate(rows, start=1):
        place, product, paper = (base[table] + n for table in ("contacts", "products", "certificates"))
        put["contacts"].append((place, "place", row[4], secrets.token_hex(16), secrets.token_hex(16)))
        names = (f"SO-{n:06}", row[1], row[1], row[1], units[row[5]], owners[row[2]][0], place)
        put["products"].append((product, *names, "qd-148-2023", "monitored", 1, on, 0, at))
        said = (row[1], row[2], row[5], "Đơn vị 0", 3, row[7], "2023-08-05", "2026-08-05", "", row[9], "A")
        settled = ("confirmed", "tinh", "province-0", at, secrets.token_urlsafe(16), at)
        put["certificates"].append((paper, product, *said, f"so.xlsx, dòng {n}", *settled))
        step = ("enter_register", "monitored", "monitored", "tinh", on, at, "", '{"certificate": {}}')
        put["transitions"].append((product, 1, *step, row[5], "qd-148-2023", '{"issued": 1}'))
        put["deadlines"].append(("certificate", paper, product, "relative", "expiry", "2026-08-05", on, on))
        deed = (at, "tinh", "benchmark", "province-0", "certificate.enter", f"certificate:{paper}")
        put["audit"].append((seq + n, *deed, f'"{row[1]}"', chain[n - 1], chain[n]))
    for table, given in put.items():
        marks = ", ".join("?" for _ in given[0])
        raw.run_many(f"INSERT INTO {table} ({_COLUMNS[table]}) VALUES ({marks})", given)


_COLUMNS = {
    "producers": "id, unit_id, name, representative, search_key",
    "contacts": "id, kind, address, mark, salt",
    "products": "id, code, name, search_key, sort_key, unit_id, producer_id, address_id, regulation, state, "
    "version, entered_on, dossier_no, updated_at",
    "certificates": "id, product_id, product, producer, commune, province, star, number, decided_on, "
    "valid_until, signer, issuer, evidence, source, standing, settled_by, settled_for, settled_at, token, "
    "shown_since",
    "transitions": "product_id, seq, event, source, target, actor, on_day, at, note, data, unit, regulation, "
    "replaced",
    "deadlines": "subject, subject_id, product_id, kind, rule, due_on, opened_on, next_action_on",
    "audit": "seq, at, actor, origin, acting_for, action, subject, after, previous, hash",
}


def _count(url: str) -> tuple[int, ...]:
    database = Database(url)
    with database.read() as tx:
        counts = tuple(
            int(tx.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar_one()) for table in _LEFT
        )
    database.close()
    return counts


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure a list of one province, on top of whatever products there are."""
    left: set[tuple[int, ...]] = set()

    def run(work: Callable[[Stopwatch, str, str], None]) -> Run:
        with store.fresh() as url:
            _with_officer(url)
            done = in_child(work, url, file)
            left.add(_count(url))
        return done

    with TemporaryDirectory(prefix="ocop-bench-") as folder:
        file = str(Path(folder) / "so.xlsx")
        write_list(Path(file))
        mine, best = medians(rounds, lambda: run(ours), lambda: run(floor))
    if len(left) != 1:
        raise AssertionError(f"the list by hand and through the service leave different rows: {left}")
    note = f"{ROWS / mine.seconds:,.0f} rows a second"
    return [Row("a list of certificates", store.kind, ROWS, mine.seconds, best.seconds, mine.memory, note)]
