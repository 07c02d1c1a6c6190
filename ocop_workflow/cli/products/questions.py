"""`ocop questions`: what an import has asked, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import As, Json, Plan, acting_as, application
from ocop_workflow.cli.output import say, show_json, show_table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ocop_workflow.products.questions.views import QuestionView

questions = typer.Typer(help="Câu hỏi của việc nhập. / What an import has asked.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(questions, name="questions")


@questions.callback(invoke_without_command=True)
def list_questions(
    context: typer.Context,
    plan: Plan = None,
    product: Annotated[
        str | None, typer.Option(metavar="MÃ", help="Mã sản phẩm. / A product's code.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Cả câu đã trả lời. / Answered ones, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Liệt kê câu hỏi chưa trả lời; `answer` để trả lời. / List open questions; `answer` answers one."""
    from ocop_workflow.products.questions.answering import list_questions as find
    from ocop_workflow.products.questions.views import QuestionView

    if context.invoked_subcommand is not None:
        return
    app = application()
    with app.database.read() as tx:
        found = [QuestionView.of(one) for one in find(tx, plan=plan, product=product, answered=everything)]
    if json:
        show_json(found)
        return
    rows = [
        (item.id, item.code, item.product, item.unit, item.vi, answer_words(item, app.settings.zone))
        for item in found
    ]
    columns = ["Số", "Mã", "Sản phẩm", "Địa phương", "Câu hỏi", "Trả lời"]
    show_table(f"{len(found)} câu hỏi", columns, rows)
    if any(not item.answered for item in found):
        say("Trả lời từng câu theo số của nó: xem `ocop questions answer --help`.")


@questions.command()
def answer(
    number: Annotated[int, typer.Argument(metavar="SỐ", help="Số câu hỏi. / Its number.")],
    word: Annotated[str, typer.Argument(metavar="TRẢ LỜI", help="Ví dụ: là hai sản phẩm. / The answer.")],
    actor: As,
    json: Json = False,
) -> None:
    """Trả lời một câu hỏi; nhập lại cùng tệp sẽ không hỏi nữa. / Answer a question, for good."""
    from ocop_workflow.products.questions.answering import answer_question
    from ocop_workflow.products.questions.views import QuestionView

    app = application()
    with app.database.write() as tx:
        done = answer_question(tx, acting_as(tx, actor), number, word, now=app.clock.now())
    if json:
        show_json(QuestionView.of(done))
    say(f"{done.code}: đã ghi câu trả lời «{done.answer}».")


def answer_words(item: QuestionView, zone: ZoneInfo) -> str:
    """Say what was answered, by whom and when; empty: nothing yet."""
    if item.answered_at is not None:
        return f"«{item.answer}», {item.answered_by}, {item.answered_at.astimezone(zone):%d/%m/%Y %H:%M}"
    return "đã rõ từ một thao tác, hay từ danh sách gửi lại" if item.answered else ""
