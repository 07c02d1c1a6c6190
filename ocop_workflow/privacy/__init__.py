"""What is kept about people: finding somebody, handing out what is kept, erasing what may go.

Luật 91/2025/QH15, NĐ 356/2025: a person may ask what is kept of them, and have it erased, except where
another law has it kept. `docs/personal-data.md` says which is which.
"""

from ocop_workflow.privacy.erasing import Going, anonymise, erase_again, what_goes
from ocop_workflow.privacy.erasures import NO_ERASURES, Erasures
from ocop_workflow.privacy.exporting import export
from ocop_workflow.privacy.finding import Person, PersonKind, find_people, find_person

__all__ = [
    "NO_ERASURES",
    "Erasures",
    "Going",
    "Person",
    "PersonKind",
    "anonymise",
    "erase_again",
    "export",
    "find_people",
    "find_person",
    "what_goes",
]
