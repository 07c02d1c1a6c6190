"""`ocop rubric …`: the score sheets of the law, and what filled ones come to. No database is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Json  # noqa: TC001 - typer reads it while the program runs
from ocop_workflow.cli.output import read_text, say, show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.regulations.rubrics.views import (
        CriterionView,
        NextStarView,
        OutcomeView,
        PickView,
        RubricView,
    )

rubrics = typer.Typer(no_args_is_help=True, help="Phiếu chấm 26 bộ sản phẩm. / Score sheets.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(rubrics, name="rubric")


Number = Annotated[int, typer.Argument(metavar="BỘ", min=1, max=99, help="Số bộ, 1–26. / A set's number.")]


@rubrics.command("list")
def list_all(json: Json = False) -> None:
    """Liệt kê 26 bộ sản phẩm và phiếu chấm. / List the sets and their sheets."""
    from ocop_workflow.regulations.rubrics import load_rubric, rubric_numbers
    from ocop_workflow.regulations.rubrics.views import RubricLineView

    lines = [RubricLineView.of(load_rubric(number)) for number in rubric_numbers()]
    if json:
        show_json(lines)
        return
    rows = [
        (line.set, line.name, line.group, line.criteria, "cần đối chiếu bản ký" if line.needs_human else "")
        for line in lines
    ]
    show_table("Phiếu chấm, QĐ 26/2026/QĐ-TTg", ["Bộ", "Tên", "Nhóm", "Tiêu chí", "Ghi chú"], rows)


@rubrics.command()
def show(number: Number, json: Json = False) -> None:
    """Xem phiếu chấm của một bộ, đúng nguyên văn. / Show a set's sheet as it is printed."""
    from ocop_workflow.regulations.rubrics import load_rubric
    from ocop_workflow.regulations.rubrics.views import RubricView

    rubric = load_rubric(number)
    view = RubricView.of(rubric)
    if json:
        show_json(view)
        return
    say(f"Bộ {view.set}. {view.name}  (QĐ {view.decision}, Phụ lục II; chép từ {view.transcription})")
    for text in (view.knockout_line, view.star_footnote):
        if text:
            say(text)
    headings: dict[str, str] = {part.id: part.heading_printed for part in rubric.parts}
    part = item = ""
    for criterion in view.criteria:
        if criterion.part != part:
            part = criterion.part
            say(f"\n{headings[part]}")
        if criterion.item != item:
            item = criterion.item
            say(f"  {item}")
        say(f"    {criterion.id} {criterion.title} (tối đa {criterion.max})")
        for note in criterion.notes:
            say(f"        {note.text}")
        _options(criterion)
    _doubts(view)


def _options(criterion: CriterionView) -> None:
    if not criterion.options:
        say(f"        có: {criterion.max} điểm; không: 0 điểm")
    labels = {branch.id: branch.label for branch in criterion.branches}
    branch = None
    for option in criterion.options:
        if option.branch != branch:
            branch = option.branch
            say(f"        {branch}) {labels[branch or '']}")
        star = f"  {'*' * option.min_star}" if option.min_star else ""
        say(f"        [{option.option}] {option.label}: {option.points} điểm{star}")


def _doubts(view: RubricView) -> None:
    for item in view.corrections:
        say(f"\nIn “{item.shown.vi}”, dùng {item.used}: mục {item.place.vi}")
    for doubt in view.needs_human:
        say(f"\nCần người đối chiếu bản ký: {doubt.doubt}")


@rubrics.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[TỆP]...", help="Tệp phiếu JSON; không nêu thì cả 26 bộ. / Files."),
    ] = None,
    json: Json = False,
) -> None:
    """Kiểm tra phiếu chấm: cộng điểm, đánh số, dấu sao. / Check sheets: sums, numbers, marks."""
    from ocop_workflow.regulations.rubrics import load_rubric, read_rubric, rubric_numbers

    checked = (
        [read_rubric(read_text(path), path.name) for path in files]
        if files
        else [load_rubric(number) for number in rubric_numbers()]
    )
    if json:
        show_json({"sets": [rubric.set for rubric in checked], "faults": []})
        return
    for rubric in checked:
        doubts = "; ".join(item.where for item in rubric.wants_human)
        say(f"Bộ {rubric.set}: đúng{f'; cần người đối chiếu: {doubts}' if doubts else ''}")


@rubrics.command()
def score(
    name: Annotated[
        str,
        typer.Argument(
            metavar="BỘ", help="Số bộ 1–26, hoặc qd-148-2023 (chấm theo phần). / A set, or a decision."
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="PHIẾU...", help="Mỗi thành viên một tệp JSON. / One file a member."),
    ],
    rules: Annotated[
        Path | None,
        typer.Option(metavar="TỆP", help="Quy chế hội đồng (.toml). / The council's rules."),
    ] = None,
    json: Json = False,
) -> None:
    """Tính sao từ các phiếu: trung bình, điều kiện sao, cách lên hạng. / The star that sheets earn."""
    from ocop_workflow.regulations.rubrics import CouncilRules, read_rules
    from ocop_workflow.regulations.rubrics.scoring import score as score_sheets

    sheets: dict[str, str] = {}
    for number, path in enumerate(files, start=1):
        place = f"{path.name}: " if len(files) > 1 else ""
        sheets[place if place not in sheets else f"{number}. {place}"] = read_text(path)
    council = read_rules(read_text(rules), rules.name) if rules else CouncilRules()
    found = score_sheets(name, sheets, council)
    if json:
        show_json(found)
        return
    _tell(found)


def _tell(found: OutcomeView) -> None:
    titles = _titles(found.set)
    if titles:
        say(titles[""])
    say(f"Phiếu: {found.n}, mỗi phiếu {', '.join(map(str, found.totals))} điểm")
    say(f"Trung bình: {found.sum}/{found.n} = {found.mean_shown}, trong khung {found.band} sao")
    for star, gates in found.gates.items():
        missed = "; ".join(f"{titles[gate.criterion]} (có {gate.have}, cần {gate.need})" for gate in gates)
        if missed:
            say(f"Chưa đạt điều kiện {star} sao: {missed}")
    if found.out:
        say(f"Kết quả: BỊ LOẠI. {'; '.join(f'{ground.where}: {ground.reason}' for ground in found.out)}")
    elif found.star is None:
        say("Kết quả: KHÔNG ĐẠT HẠNG, vì chưa đủ điều kiện 3 sao")
    else:
        say(f"Kết quả: {found.star} SAO")
    if found.next:
        _tell_next(found.next, titles)
    for doubt in found.needs_human:
        then = "" if doubt.star_if_confirmed is None else f"; nếu đúng thế: {doubt.star_if_confirmed} sao"
        say(f"Cần người đối chiếu bản ký: {doubt.doubt}{then}")


def _tell_next(way: NextStarView, titles: dict[str, str]) -> None:
    short = f"thiếu {way.points_short} điểm trong tổng" if way.points_short else "đủ điểm"
    if way.cheapest is None:
        say(f"Để lên {way.star} sao: {short}{'; không chỉ là chuyện điểm' if titles else ''}")
        return
    picks = "; ".join(
        f"{titles[pick.criterion]}: {_option(pick)} ({pick.points} điểm)" for pick in way.cheapest
    )
    say(f"Để lên {way.star} sao: {short}; ít việc nhất: {picks}")


def _option(pick: PickView) -> str:
    if pick.option is True:
        return "có"
    if isinstance(pick.option, int):
        return f"mức {pick.option}"
    return f"trường hợp {pick.option.branch}, mức {pick.option.option}"


def _titles(name: int | str) -> dict[str, str]:
    """Return what the criteria of a set are called; under "" the set itself. None of one scored by parts."""
    from ocop_workflow.regulations.rubrics import load_rubric

    if isinstance(name, str):
        return {}
    rubric = load_rubric(name)
    return {"": f"Bộ {name}. {rubric.name}"} | {
        item.id: f"{item.id} {item.title}" for item in rubric.criteria
    }
