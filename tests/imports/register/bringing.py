"""Bringing lists of certificates in, and looking at the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.imports.register.importing import RegisterOrder, import_register, read_register_file
from ocop_workflow.products.settling.confirming import Settlement, settle
from ocop_workflow.products.settling.register import WantedCertificates, list_certificates
from ocop_workflow.states import CertificateStanding, EvidenceLevel
from ocop_workflow.upkeep.examination import examine, prove
from tests.fakes import VIETNAM
from tests.stories.cast import acting

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.certificates.views import ListedCertificateView
    from ocop_workflow.imports.register.importing import RegisterFile
    from ocop_workflow.imports.register.views import RegisterImportView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HEADING = "TT,Tên sản phẩm,Chủ thể,Địa chỉ,Hạng sao,Số quyết định,Ngày cấp,Ngày hết hạn,Cơ quan"
MAM = '1,Mắm cái,HTX A,"Thôn 1, xã Phổ An",3 sao,0001/QĐ-UBND,05/8/2023,05/8/2026,UBND huyện'
MUOI = '2,Muối hầm,HTX B,"Thôn 2, xã Phổ Khánh",3 sao,0001/QĐ-UBND,05/8/2020,05/8/2023,UBND huyện'


def listed(
    folder: Path, *lines: str, heading: str = HEADING, answers: dict[str, str] | None = None
) -> RegisterFile:
    """Write a list, and read it."""
    path = folder / "so.csv"
    path.write_text("\n".join((heading, *lines)), "utf-8")
    return read_register_file(path).told(answers or {})


def bring(
    database: Database,
    clock: FixedClock,
    file: RegisterFile,
    *,
    login: str = "minh",
    evidence: str = "A",
    publish: bool = True,
) -> RegisterImportView:
    """Bring a list in; what does not count leaves nothing behind."""
    with database.connect() as connection, connection.begin() as tx:
        order = RegisterOrder(acting(database, login), EvidenceLevel(evidence), clock.today(), clock.now())
        report = import_register(connection, file, order, publish=publish)
        if not report.published:
            tx.rollback()
    return report


def told(report: RegisterImportView) -> list[tuple[int, str]]:
    """Return the verdict of each row."""
    return [(one.row, one.verdict.value) for one in report.verdicts]


def register(database: Database, clock: FixedClock, **wanted: Any) -> list[ListedCertificateView]:  # noqa: ANN401 - as it is asked
    """Return the register."""
    with database.read() as tx:
        return list_certificates(tx, clock.today(), WantedCertificates(**wanted))


def says(
    database: Database, clock: FixedClock, number: int, standing: str, **data: str
) -> ListedCertificateView:
    """Let the town confirm a certificate, or refuse it."""
    with database.write() as tx:
        order = Settlement(number, CertificateStanding(standing), acting(database, "minh"), data)
        return settle(tx, order, today=clock.today(), now=clock.now())


def assert_sound(database: Database, clock: FixedClock) -> None:
    """Look at the database from outside."""
    found = [item.text.en for item in examine(database, clock).findings if item.invariant not in (13, 17)]
    assert found == [], found
    with database.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []
