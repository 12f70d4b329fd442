"""What neighbours do: each scene is played by one thread for two people, whom other threads play as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

from neighbourly.core.ids import new_id
from neighbourly.demo.backstage import CODE_LINE
from tests.resilience.book import Book
from tests.resilience.clients import Answer, Person, Phone

NEEDS = ("Une perceuse pour samedi", "Une échelle", "Une tondeuse", "Un appareil à raclette", "Une tente")
HELPS = ("Aide pour porter un canapé", "Une heure d'anglais", "Aide pour planter un arbre")
PASSWORD = "trois mésanges au balcon"
READS = ("/v1/start", "/v1/notifications", "/v1/exchanges", "/v1/listings", "/v1/conversations", "/v1/me/timebank")


@dataclass
class Street:
    """Who there is, and what they lend."""

    people: Sequence[Person]
    things: dict[str, str]
    """One's own thing, by person."""
    home: str
    """The cell where newcomers live."""
    mails: Path


class Player:
    """One client thread: scene after scene, at a neighbour's pace, until it is enough."""

    def __init__(self, phone: Phone, street: Street, book: Book, random: Random, enough: Event) -> None:
        self._phone, self._street, self._book = phone, street, book
        self._random, self._enough = random, enough
        self._newcomers: dict[str, str] = {}

    def play(self) -> None:
        """Until it is enough; a scene is left where it stands, not in the middle of a call."""
        scenes: list[Callable[[Person, Person], None]] = [self.lend, self.need, self.help, self.give, self.chat]
        while not self._enough.is_set():
            one, other = self._random.sample(list(self._street.people), 2)
            scene = self._random.choices([*scenes, self.offer, self.look, self.join], [4, 4, 3, 2, 2, 1, 2, 1])[0]
            scene(one, other)

    def lend(self, owner: Person, borrower: Person) -> None:
        """A loan from the proposal to the thanks, or as far as it comes."""
        said = {"id": self._id(), "listing_id": self._street.things[owner.id], **self._times()}
        exchange = self._write(borrower, "POST", "/v1/exchanges", said | {"message": self._mark()})
        if not self._noted(exchange):
            return
        if not self._tap(owner, exchange.body, "accept"):
            self._tap(owner, exchange.body, "decline")
            return
        self._write_to(owner, exchange.body["conversation_id"])
        self._lend_on(owner, borrower, exchange.body)

    def _lend_on(self, owner: Person, borrower: Person, exchange: dict[str, Any]) -> None:
        ends = self._random.random()
        if ends < 0.15:
            self._tap(borrower, exchange, "cancel")
        elif ends < 0.98 and self._tap(owner, exchange, "hand_over"):
            self._look_at(borrower, exchange)
            if self._tap(borrower, exchange, "return"):
                self._thank(borrower, exchange)
                self._thank(owner, exchange)

    def need(self, asker: Person, helper: Person) -> None:
        """A need, a yes to it, the choice, the loan."""
        exchange = self._chosen(asker, helper, self._random.choice(NEEDS), {})
        if exchange is not None:
            self._lend_on(helper, asker, exchange)

    def help(self, asker: Person, helper: Person) -> None:
        """A help whose minutes move."""
        minutes = self._random.choice([15, 30, 60])
        exchange = self._chosen(asker, helper, self._random.choice(HELPS), {"minutes": minutes})
        if exchange is not None and self._tap(helper, exchange, "done") and self._tap(asker, exchange, "confirm"):
            self._thank(asker, exchange)

    def _chosen(self, asker: Person, helper: Person, title: str, more: dict[str, Any]) -> dict[str, Any] | None:
        """The exchange of a need that was answered and chosen, agreed; None as far as it did not come to it."""
        need = self._publish(asker, title, "request", {"kind": "time"} if more else {"kind": "item"})
        if need is None:
            return None
        if self._random.random() < 0.2:
            self._answer(helper, need, "later")
        answer = self._answer(helper, need, "yes")
        if answer is None or self._random.random() < 0.2:
            return None
        exchange = self._write(
            asker, "POST", "/v1/exchanges", {"id": self._id(), "answer_id": answer, **self._times(), **more}
        )
        if not self._noted(exchange):
            return None
        agreed = exchange.body["state"] == "accepted" or self._tap(helper, exchange.body, "accept")
        return exchange.body if agreed else None

    def _answer(self, helper: Person, need: str, word: str) -> str | None:
        said = {"answer": word, "message": self._mark()}
        answer = self._write(helper, "POST", f"/v1/listings/{need}/answers", said)
        if not answer.fine:
            return None
        self._book.answers[need, helper.id] = said["message"]
        return str(answer.body["id"])

    def give(self, giver: Person, taker: Person) -> None:
        """A few minutes as a gift."""
        said = {"id": self._id(), "to_user_id": taker.id, "minutes": self._random.randint(1, 5), "memo": "Pour le thé"}
        if self._write(giver, "POST", "/v1/timebank/transfers", said).fine:
            self._book.transfers[said["id"]] = said["minutes"]

    def chat(self, asker: Person, owner: Person) -> None:
        """A question about a thing, and what follows."""
        said = {"listing_id": self._street.things[owner.id], "body": self._mark()}
        asked = self._write(asker, "POST", "/v1/conversations", said)
        if asked.fine:
            self._book.messages[said["body"]] = said["body"]
            self._write_to(owner, asked.body["id"])
            self._write(owner, "PUT", f"/v1/conversations/{asked.body['id']}/read", {})
            self._write_to(asker, asked.body["id"])

    def offer(self, owner: Person, _other: Person) -> None:
        """Something more on offer, paused and offered again."""
        listing = self._publish(owner, "Livres pour enfants", "offer", {"kind": "item", "terms": "give"})
        if listing is not None:
            self._write(owner, "PATCH", f"/v1/listings/{listing}", {"description": "Une caisse, en bon état."})
            self._write(owner, "POST", f"/v1/listings/{listing}/pause", {})
            self._write(owner, "POST", f"/v1/listings/{listing}/resume", {})

    def look(self, person: Person, _other: Person) -> None:
        """What one looks at."""
        for path in READS:
            self._phone.get(person, path)

    def join(self, _one: Person, _other: Person) -> None:
        """Somebody new wishes to join; those whose mail has come do."""
        email = f"n-{new_id()}@example.org"
        said = {"email": email, "password": PASSWORD, "display_name": "Nora", "adult": True}
        registration = self._phone.register(said)
        if registration is not None:
            self._book.registered.add(email)
            self._newcomers[email] = registration
        for known in list(self._newcomers):
            code = code_for(self._street.mails, known)
            if code is not None:
                self._settle_in(known, code, self._newcomers.pop(known))

    def _settle_in(self, email: str, code: str, registration: str) -> None:
        person = Person(email, PASSWORD)
        if self._phone.verify(person, code, registration):
            self._book.joined.add(email)
            self._write(person, "PUT", "/v1/me/home", {"cell": self._street.home})

    def _publish(self, owner: Person, title: str, direction: str, more: dict[str, Any]) -> str | None:
        said = {"id": self._id(), "title": title, "direction": direction, **more}
        if not self._write(owner, "POST", "/v1/listings", said).fine:
            return None
        self._book.listings.add(said["id"])
        return str(said["id"])

    def _write_to(self, author: Person, conversation: str) -> None:
        said = {"id": self._id(), "body": self._mark()}
        if self._write(author, "POST", f"/v1/conversations/{conversation}/messages", said).fine:
            self._book.messages[said["id"]] = said["body"]

    def _thank(self, author: Person, exchange: dict[str, Any]) -> None:
        said = {"text": self._mark()}
        if self._write(author, "POST", f"/v1/exchanges/{exchange['id']}/thanks", said).fine:
            self._book.thanks[exchange["id"], author.id] = said["text"]

    def _tap(self, person: Person, exchange: dict[str, Any], action: str) -> bool:
        return self._noted(self._write(person, "POST", f"/v1/exchanges/{exchange['id']}/{action}", {}))

    def _look_at(self, person: Person, exchange: dict[str, Any]) -> None:
        seen = self._phone.get(person, f"/v1/exchanges/{exchange['id']}")
        if seen is not None:
            self._book.saw_state(seen["id"], seen["state"])

    def _noted(self, exchange: Answer) -> bool:
        if exchange.fine:
            self._book.saw_state(exchange.body["id"], exchange.body["state"])
        return exchange.fine

    def _write(self, person: Person, method: str, path: str, body: dict[str, Any]) -> Answer:
        """One act, after a moment; none once it is enough."""
        if self._enough.wait(0.1 + 0.4 * self._random.random()):
            return Answer(499, None)
        return self._phone.write(person, method, path, body)

    def _times(self) -> dict[str, str]:
        """Two hours within the next weeks: few enough for people to want the same."""
        begins = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=self._random.randint(2, 600))
        return {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=2)).isoformat()}

    @staticmethod
    def _id() -> str:
        return str(new_id())

    @staticmethod
    def _mark() -> str:
        """Words that nobody else says."""
        return f"D'accord, {new_id().hex}"


def code_for(mails: Path, email: str) -> str | None:
    """The code of the last mail to an address; None while there is none."""
    for file in sorted(mails.glob("*.eml"), reverse=True):
        text = file.read_text(encoding="utf-8", errors="replace")
        if email in text:
            found = CODE_LINE.search(text)
            return found[1] if found else None
    return None
