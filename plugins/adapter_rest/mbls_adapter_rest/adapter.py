"""Any MIS with a REST interface, as its settings describe it."""

from __future__ import annotations

from mbls_adapter_rest.options import Options
from mbls_adapter_rest.options_write import Later
from mbls_adapter_rest.reader import RestReader
from mbls_adapter_rest.writer import ReadsBackMarks, WritesMarks, WritesMarksLater
from mbls_sync.api import Adapter, AdapterOffer, Capability, Given, hookimpl


def open_rest(options: Options, given: Given) -> Adapter:
    """The adapter that offers just what is configured: reading, reading back, writing, outcomes later."""
    if options.write is not None:
        later = isinstance(options.write.ack, Later)
        return WritesMarksLater(options, given) if later else WritesMarks(options, given)
    return ReadsBackMarks(options, given) if options.read_back is not None else RestReader(options, given)


@hookimpl
def offer_adapter() -> AdapterOffer[Options]:
    """Any MIS over REST."""
    return AdapterOffer(name="rest", options=Options, open=open_rest, can=frozenset(Capability))
