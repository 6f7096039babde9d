"""Writes the golden files of the synthetic school's packets anew: `python -m tests.acceptance.renew_golden_packets`.

One packet of each kind, about the pupil who missed most without leave. The PDF is kept as its text in reading
order: its bytes change with the compiler that sets it, and what it says must not.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pypdf

from mbls_sync.delivery.desk import Desk
from mbls_sync.delivery.packets import packet_files
from mbls_sync.model.decisions import Because
from mbls_sync.model.papers import Referral
from tests.acceptance.renew_golden_returns import without_style
from tests.returns_school import desk_in, registry, world_of

GOLDEN = Path(__file__).parent / "golden_packets"
PROFILE, PSEUDONYM = "central-bedfordshire", "0123456789abcdef"


@cache
def the_desk() -> Desk:
    """The synthetic school's desk."""
    return desk_in(world_of(PROFILE), PROFILE)


def a_referral(desk: Desk, kind: str) -> Referral:
    """A case of each kind, about the same pupil."""
    pupil = max(desk.histories.values(), key=lambda h: (h.figures.unauthorised, h.pupil.id)).pupil.id
    because = Because("STG-08", "Appendix A, 10")
    return Referral(kind, pupil, "2026-27.0", desk.now.date(), "No improvement after a term of support.", because)


def files(desk: Desk, kind: str) -> dict[str, bytes]:
    """Every file of one packet, by name."""
    return packet_files(desk, a_referral(desk, kind), registry().packets[kind], PSEUDONYM)[1]


def kept(made: dict[str, bytes]) -> dict[str, bytes]:
    """What is kept of a packet: the PDF as text, and all else but the manifest, which states the PDF's hash."""
    return {
        f"{name}.txt" if name.endswith(".pdf") else name: _plain(name, data)
        for name, data in made.items()
        if name != "manifest.json"
    }


def _plain(name: str, data: bytes) -> bytes:
    if name.endswith(".pdf"):
        return text_of(data)
    return without_style(data) if name.endswith(".html") else data


def text_of(pdf: bytes) -> bytes:
    """What a PDF says, in the order in which a screen reader reads it."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages).encode()


def main() -> None:
    """Write every file."""
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.iterdir():
        old.unlink()
    for kind in registry().packets:
        for name, data in kept(files(the_desk(), kind)).items():
            (GOLDEN / name).write_bytes(data)
        print(f"{GOLDEN}: {kind}")


if __name__ == "__main__":
    main()
