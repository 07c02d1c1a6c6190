"""`/`: what waits for whoever looks, and for whom they wait; for leadership four figures and who is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, WhoseTurn
from ocop_workflow.councils.desk import my_sessions
from ocop_workflow.errors import Text
from ocop_workflow.monitoring.listing import WantedFollowUps, list_follow_ups
from ocop_workflow.notifications import LetterState
from ocop_workflow.overview.list_queries import count_letters, newest_letters, progress
from ocop_workflow.overview.product_queries import Due, ListOrder
from ocop_workflow.overview.products import count_products, list_products
from ocop_workflow.people.sign_in.session_queries import newest_links
from ocop_workflow.places.queries import units_below
from ocop_workflow.plans.loaded import calendar_of, plans_of
from ocop_workflow.products.papers.handing_in import list_waiting
from ocop_workflow.products.papers.keeping import list_ending
from ocop_workflow.products.questions.answering import list_questions
from ocop_workflow.states import State
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.products.asked import ProductsAsked
from ocop_workflow.web.console.products.rows import row_of
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocop_workflow.access import Actor
    from ocop_workflow.monitoring.views import FollowUpView
    from ocop_workflow.overview.list_queries import StateCount
    from ocop_workflow.people.sign_in.session_queries import LinkRecord
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

#: rows of one block
_ROWS: Final = 5
#: days ahead of which what visits have asked for is told
_WEEK: Final = 7
#: products that are counted whose producers have handed something in
_MOST_BROUGHT: Final = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """A block of products: what it is called, what is asked for, and what is said where there is none."""

    title: Text
    asked: ProductsAsked
    empty: Text


#: in this order; the first is what one does today
BLOCKS: Final = (
    Block(
        Text("Cần tôi làm trong 7 ngày tới", "For me to do within 7 days"),
        ProductsAsked(turn=WhoseTurn.MINE, due=Due.WEEK),
        Text("Không có việc nào đến hạn trong 7 ngày tới.", "Nothing of mine is due within 7 days."),
    ),
    Block(
        Text("Cần tôi làm sau đó (đến 60 ngày)", "For me to do later (up to 60 days)"),
        ProductsAsked(turn=WhoseTurn.MINE, due=Due.LATER),
        Text("Không có việc nào trong 60 ngày tới.", "Nothing of mine is due within 60 days."),
    ),
    Block(
        Text("Đang chờ người khác, hạn trong 7 ngày tới", "Waiting for others, due within 7 days"),
        ProductsAsked(turn=WhoseTurn.OTHERS, due=Due.WEEK),
        Text("Không chờ ai việc gì đến hạn trong 7 ngày tới.", "Nobody else has anything due within 7 days."),
    ),
)
#: so long an officer is told of a link that another one has made for them
_TOLD: Final = timedelta(days=7)
#: in these states a product has been recognised
_RECOGNISED: Final = frozenset({State.CERTIFIED, State.MONITORED, State.RE_RATING})
_OVER: Final = frozenset({State.NOT_SELECTED, State.NOT_RATED, State.WITHDRAWN, State.REVOKED, State.LAPSED})


@router.get("/", **needs())
def show_today(call: Calling) -> Response:
    """Show what whoever looks has to do today."""

    def work(tx: Connection, actor: Actor) -> Screen:
        counts = progress(tx, actor.units_with(Permission.READ), call.today)
        content = {
            "blocks": list(_blocks(tx, call, actor)),
            "figures": list(_figures(counts, call)),
            "late": _late_by_unit(counts),
            "silent": list(_silent(tx, call, actor)),
            **_of_the_desk(tx, actor),
            "ending": list_ending(tx, actor, today=call.today, limit=_ROWS),
            "follow_ups": _follow_ups(tx, call, actor),
            "brought": list_waiting(tx, actor, _MOST_BROUGHT),
            "link": _newest_link(tx, call, actor),
            "sessions": my_sessions(tx, actor),
        }
        return Screen("today.html", content)

    return call.show(work)


def _follow_ups(tx: Connection, call: Call, actor: Actor) -> list[FollowUpView]:
    """Return what visits have asked for and is late or due within a week, the latest first."""
    found = list_follow_ups(tx, call.today, WantedFollowUps(limit=_ROWS), actor)
    return [one for one in found if one.days_left <= _WEEK]


def _blocks(tx: Connection, call: Call, actor: Actor) -> Iterator[dict[str, Any]]:
    for block in BLOCKS:
        count = count_products(tx, call.today, block.asked.everything(), actor)
        if not count and block.asked.turn is WhoseTurn.MINE and not _has_hands(actor):
            continue
        wanted = block.asked.wanted(_ROWS)
        found = list_products(tx, call.today, wanted, actor, call.language, ListOrder.DUE) if count else []
        yield {
            "title": say(block.title, call.language),
            "empty": say(block.empty, call.language),
            "count": count,
            "rows": [row_of(view, call.language) for view in found],
            "address": block.asked.address("/products"),
        }


def _has_hands(actor: Actor) -> bool:
    """Tell whether somebody makes steps at all: who only looks is asked for nothing."""
    return actor.units_with(Permission.EDIT_PRODUCTS) != frozenset() or any(
        grant.role.value == "council_secretary" for grant in actor.grants
    )


def _figures(counts: Sequence[StateCount], call: Call) -> Iterator[dict[str, Any]]:
    """Yield the four figures that leadership asks for, each with the list behind it."""
    live = [count for count in counts if count.state not in _OVER]
    told = (
        (
            Text("sản phẩm đang theo dõi", "products watched"),
            sum(c.products for c in live),
            "/products?state=live",
        ),
        (
            Text("đang đánh giá, chưa công nhận", "under way, not recognised yet"),
            sum(c.products for c in live if c.state not in _RECOGNISED),
            "/products?state=under_way",
        ),
        (
            Text("đang có sao", "with stars"),
            sum(c.products for c in live if c.state in _RECOGNISED),
            "/products?state=recognised",
        ),
        (Text("đang trễ hạn", "late"), sum(c.overdue for c in counts), "/products?due=late"),
    )
    for words, number, address in told:
        yield {"words": say(words, call.language), "number": number, "address": address}


def _late_by_unit(counts: Sequence[StateCount]) -> list[dict[str, Any]]:
    late: dict[tuple[str, str], int] = {}
    for count in counts:
        if count.overdue:
            key = (count.unit, count.unit_name)
            late[key] = late.get(key, 0) + count.overdue
    rows = [{"unit": unit, "name": name, "count": number} for (unit, name), number in late.items()]
    return sorted(rows, key=lambda row: -int(str(row["count"])))


def _silent(tx: Connection, call: Call, actor: Actor) -> Iterator[dict[str, Any]]:
    """Yield the plans of this year under which communes have registered nothing yet, with these communes."""
    if actor.units_with(Permission.CHANGE_PLANS) == frozenset():
        return
    for plan in plans_of(tx, actor):
        calendar = calendar_of(tx, plan.id, plan.sha256)
        if not calendar.plan.first_day <= call.today <= calendar.plan.last_day:
            continue
        counts = progress(tx, actor.units_with(Permission.READ), call.today, plan.id)
        busy = {count.unit for count in counts if count.state is not State.IDEA}
        quiet = [
            {"slug": unit.slug, "name": unit.name}
            for unit in units_below(tx, plan.unit_id)
            if unit.lives(call.today) and unit.slug not in busy
        ]
        if quiet:
            yield {"plan": plan.slug, "title": plan.title, "units": quiet}


def _newest_link(tx: Connection, call: Call, actor: Actor) -> LinkRecord | None:
    """Return the link to set a password that another one has made for this officer within the last days."""
    found = newest_links(tx, actor.officer_id or 0, 1)
    return next((one for one in found if one.made_by != actor.login and call.now < one.made_at + _TOLD), None)


def _of_the_desk(tx: Connection, actor: Actor) -> dict[str, Any]:
    """Return what goes wrong on the desk: letters that were given up, and questions nobody has answered."""
    dead = count_letters(tx, actor, LetterState.DEAD)
    asked = list_questions(tx, actor)
    return {
        "dead": dead,
        "dead_letters": newest_letters(tx, actor, _ROWS, state=LetterState.DEAD) if dead else [],
        "asked": len(asked),
        "questions": asked[:_ROWS],
    }
