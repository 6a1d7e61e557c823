"""The services that the settings name, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from accord.linking.cache import Cache
from accord.linking.candidate import CandidateSource, InTurn
from accord.linking.courtesy import Courtesy
from accord.linking.mediawiki import MediaWiki
from accord.linking.reconciliation import Reconciliation
from accord.linking.respelling import Respelt
from accord.linking.wikidata import Wikidata
from accord.settings import Settings


@contextmanager
def opened_source(
    settings: Settings,
    *,
    offline: bool = False,
    types: Mapping[str, frozenset[str]] | None = None,
) -> Iterator[CandidateSource]:
    """Open what proposes candidates: Wikidata's endpoint, then its API, then reconciliation.

    Each is asked about what those before it know nothing of. A service whose address is empty in
    the settings is left out.

    :param offline: ask nobody; only the cache answers
    :param types: see :class:`accord.linking.wikidata.Wikidata`
    :raises UsageError: if a service needs a contact and the settings have none
    :raises AccordError: if the cache cannot be opened
    """
    folder = Path(settings.cache)

    def manners(address: str) -> Courtesy | None:
        return None if offline else Courtesy(address, settings.contact, folder)

    with Cache(folder, settings.cache_days, offline=offline) as cache:
        endpoint, api = settings.wikidata_endpoint, settings.wikidata_api
        wikidata = Wikidata(endpoint, cache, manners(endpoint), types)
        sources: list[CandidateSource] = [wikidata, Respelt(wikidata)]
        if api:
            sources.append(MediaWiki(api, cache, manners(api), types))
        if address := settings.reconciliation:
            sources.append(Reconciliation(address, cache, manners(address), wikidata))
        yield InTurn(sources)
