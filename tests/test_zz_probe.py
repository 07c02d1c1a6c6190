import unicodedata, datetime as d, pytest
from datetime import date
from tests.conftest import *
from tests.factories import *
from ocop_workflow.services import plans as P, overview as O, explain as X
from ocop_workflow.storage import deadlines
from ocop_workflow.errors import OcopError
def test_nfd(seeded, clock):
    act(seeded, clock, "DP24-001","register",{"group":"food","producer":unicodedata.normalize("NFD","Hợp tác xã Phổ")})
    n = rows(seeded,"select name from producers order by id desc limit 1")[0][0]
    assert unicodedata.is_normalized("NFC", n)
def test_nul(seeded, clock):
    act(seeded, clock, "DP24-001","withdraw",{"reason":"a\x00b"})
def test_nul_code(seeded, clock):
    try: act(seeded, clock, "DP24\x00","withdraw",{"reason":"ab"})
    except Exception as e: print(repr(e)); assert "No product" in str(e)
def test_official(seeded, clock):
    for e in ["register","select","start_consulting","commune_evaluate","score_district"]: act(seeded, clock, "DP24-001", e)
    try: act(seeded,clock,"DP24-001","certify",GOOD_DATA["certify"]|{"official_code":"x"*61})
    except OcopError as e: print(e.text.en, e.faults); assert e.faults
def test_retro_flag(seeded, clock):
    from ocop_workflow.services.sweep import sweep
    clock.move_to(date(2024,5,3)); sweep(seeded, clock, SENDER)
    print(rows(seeded,"select * from flags"))
    act(seeded, clock, "DP24-001","register", on=date(2024,4,29))
    print(rows(seeded,"select f.*, d.closed_on from flags f join deadlines d on d.id=f.deadline_id where d.closed_on is not null"))
    assert rows(seeded,"select count(*) from flags f join deadlines d on d.id=f.deadline_id where d.closed_on is not null and cleared_on is null") == [(0,)]
def test_snapshot(seeded, clock):
    with seeded.read() as tx:
        from sqlalchemy import text
        a = tx.execute(text("select count(*) from transitions")).scalar()
        act(seeded, clock, "DP24-001","register")
        b = tx.execute(text("select count(*) from transitions")).scalar()
    assert a==b
def test_many(seeded):
    with seeded.read() as tx: deadlines.open_of_products(tx, range(70000))
def test_form(database, clock):
    from ocop_workflow.calendar import shipped_plan_text
    for s in ("example-2026","duc-pho-2024"):
        cal = P.calendar_from(shipped_plan_text(s))
        class R: pass
        for m in cal.plan.timed:
            r=R(); r.rule=m.id; r.kind="milestone" if m in cal.plan.milestones else "activity"
            from ocop_workflow.calendar import DeadlineKind
            r.kind=DeadlineKind(r.kind)
            print(m.id, "|", X._form(cal, r))
