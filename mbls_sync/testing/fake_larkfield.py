"""A made-up MIS of another age: CSV with semicolons, XML with attributes, a call a class, faults within a 200."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import quoteattr

from mbls_sync.model.sessions import Period, Session
from mbls_sync.testing.fake_http import SECRET, Asked, FakeHttpMis, Said

PAGE = """
Larkfield Registers, API in one page. Base https://HOST/lf, and the site's number in X-Site. OAuth 2 client credentials:
POST https://HOST/oauth2/token, the client in the body, resource=registers beside the grant.
GET /pupils.csv?from=0&count=100 is PupilRef;UPN;Family;Given;Birth;FormRef;Yr, Birth dd.mm.yyyy. `from` is the row to
begin with; beyond the last row only the header line comes.
GET /forms.xml <Forms><Form ref="F1" label="2 Otters"/></Forms>, GET /codes.xml <Codes><Code no="14" mark="N"
locked="0"/></Codes>, GET /rights.xml, a fault without the right to write.
GET /forms/F1/registers.xml?since=20261101&till=20261130, 62 days at most: <Registers><Register date="20261116"
sitting="1"><Entry pupil="P1" code="14" late=""/></Register></Registers>. Sitting 1 is the morning; code 0 is no mark.
POST /forms/F1/registers, one form and sitting a call: <Register date="20261116" sitting="1" by="sync"><Entry pupil="P1"
code="14"/></Register> answers <Result><Entry pupil="P1" status="done"/></Result>, or status="refused" text="why".
Faults are HTTP 200 with <Fault no="17"/>; 9: the token has ended; 12: busy, retry="30" says the seconds.
"""
CODES = {"11": "/", "12": "\\", "13": "L", "14": "N", "15": "I", "16": "O", "18": "X"}
NUMBERS = {code: number for number, code in CODES.items()}
HEADER = "PupilRef;UPN;Family;Given;Birth;FormRef;Yr"
FORM = "%Y%m%d"


class Text(Said):
    """An answer that is XML or CSV."""

    @property
    def content(self) -> tuple[bytes, str]:
        """The body and its type."""
        text = str(self.value)
        return text.encode(), "application/xml" if text.startswith("<") else "text/csv"


class FakeLarkfield(FakeHttpMis):
    """As the page describes it."""

    def answer(self, asked: Asked) -> Said:
        """By path; a fault without the token or the site."""
        if asked.path == "/oauth2/token":
            return self._token({name: said[0] for name, said in parse_qs(asked.body.decode()).items()})
        if asked.headers.get("authorization") != "Bearer lark-token" or asked.headers.get("x-site") != "44":
            return Text('<Fault no="9"/>')
        path = asked.path.removeprefix("/lf")
        found = re.fullmatch(r"/forms/(F\d+)/registers(\.xml)?", path)
        if found:
            return self._write(asked, found[1]) if asked.method == "POST" else self._registers(asked, found[1])
        lists = {"/pupils.csv": self._pupils, "/forms.xml": self._forms, "/codes.xml": self._codes}
        if path in lists:
            return Text(lists[path](asked))
        return Text("<Rights write='1'/>" if path == "/rights.xml" else '<Fault no="17"/>')

    def _token(self, form: dict[str, str]) -> Said:
        wanted = {"grant_type": "client_credentials", "client_id": "us", "client_secret": SECRET}
        good = form == {**wanted, "resource": "registers"}
        return Said({"access_token": "lark-token", "expires_in": 600} if good else {}, 200 if good else 400)

    def _form_of(self, pupil: Any) -> str:
        return f"F{1 + int(pupil.id) % 2}"

    def _pupils(self, asked: Asked) -> str:
        at, count = int(asked.query["from"]), int(asked.query["count"])
        rows = [
            f"P{p.id};{p.upn};{p.surname};{p.forename};03.02.2019;{self._form_of(p)};{p.year}"
            for p in self.pupils[at : at + count]
        ]
        return "\r\n".join([HEADER, *rows, ""])

    def _forms(self, _: Asked) -> str:
        return '<Forms><Form ref="F1" label="1 Ants"/><Form ref="F2" label="2 Otters"/></Forms>'

    def _codes(self, _: Asked) -> str:
        rows = (f'<Code no="{n}" mark={quoteattr(c)} locked="{int(c in self.never)}"/>' for n, c in CODES.items())
        return f"<Codes>{''.join(rows)}</Codes>"

    def _registers(self, asked: Asked, form: str) -> Said:
        first, last = (datetime.strptime(asked.query[name], FORM).date() for name in ("since", "till"))  # noqa: DTZ007
        if (last - first).days >= 62:
            return Text('<Fault no="17" text="62 days at most"/>')
        registers: dict[Session, list[str]] = {}
        mine = {pupil.id for pupil in self.pupils if self._form_of(pupil) == form}
        for who, session, code in self.rows_of_marks(first.isoformat(), last.isoformat()):
            if who in mine:
                entry = f'<Entry pupil="P{who}" code="{NUMBERS.get(code, 0)}" late=""/>'
                registers.setdefault(session, []).append(entry)
        return Text(f"<Registers>{''.join(_register(s, entries) for s, entries in registers.items())}</Registers>")

    def _write(self, asked: Asked, form: str) -> Said:
        text = asked.body.decode()
        register = _attributes(text, "Register")[0]
        assert register["by"] == "sync"
        day = datetime.strptime(register["date"], FORM).date()  # noqa: DTZ007
        session = Session(day, Period.AM if register["sitting"] == "1" else Period.PM)
        answers = []
        for entry in _attributes(text, "Entry"):
            pupil = next(p for p in self.pupils if f"P{p.id}" == entry["pupil"])
            assert self._form_of(pupil) == form, "a mark went to another class's register"
            why = self.take(pupil.id, session, CODES.get(entry["code"], "X"))
            status = "refused" if why else "done"
            answers.append(f'<Entry pupil="P{pupil.id}" status="{status}" text={quoteattr(why)}/>')
        return Text(f"<Result>{''.join(answers)}</Result>")


def _attributes(text: str, name: str) -> list[dict[str, str]]:
    """The attributes of each element of a name; what is sent here holds no character that XML writes otherwise."""
    return [dict(re.findall(r'(\w+)="([^"]*)"', found)) for found in re.findall(rf"<{name} ([^>]*)>", text)]


def _register(session: Session, entries: list[str]) -> str:
    sitting = 1 if session.period is Period.AM else 2
    return f'<Register date="{session.day:%Y%m%d}" sitting="{sitting}">{"".join(entries)}</Register>'
