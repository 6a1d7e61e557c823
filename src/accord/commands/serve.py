"""``accord serve``: a SPARQL endpoint for other people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accord import display
from accord.commands.options import StoreOption
from accord.errors import UsageError


def serve(
    store: StoreOption = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = 7878,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that a query may take.")] = 30.0,
    concurrent: Annotated[
        int, typer.Option(min=1, help="Queries that run at the same time; others wait.")
    ] = 8,
    largest: Annotated[
        int, typer.Option("--largest-result", min=1000, help="Bytes of an answer.")
    ] = 100_000_000,
    services: Annotated[
        list[str] | None,
        typer.Option("--allow-service", metavar="HOST", help="A host that SERVICE may call."),
    ] = None,
    origins: Annotated[
        list[str] | None,
        typer.Option("--cors", metavar="ORIGIN", help="A web origin that may read answers, or *."),
    ] = None,
    log_queries: Annotated[
        bool, typer.Option("--log-queries", help="Write queries to the access log.")
    ] = False,
) -> None:
    """Serve a store: SPARQL at /query, a page to write queries at /, read-only.

    With ACCORD_TOKEN set, whoever has the token may write graphs: `accord ingest --store
    http://HOST:PORT` with the same token in ACCORD_STORE_TOKEN. The access log goes to standard
    error, one JSON object a line.
    """
    from accord.settings import load_settings
    from accord.web.app import Policy
    from accord.web.relay import Limits
    from accord.web.server import serve as serve_store

    settings = load_settings(store=store)
    if settings.store.startswith(("http://", "https://")):
        raise UsageError(
            f"{settings.store} is served already.", "Give a store's folder to --store."
        )
    policy = Policy(
        limits=Limits(seconds=timeout, concurrent=concurrent, result=largest),
        token=settings.token.get_secret_value() if settings.token else None,
        services=frozenset(services or ()),
        origins=tuple(origins or ()),
        log_queries=log_queries,
    )
    writes = "its owner may write" if policy.token else "read-only"
    display.note(f"Serving {settings.store} at http://{host}:{port}/ ({writes}).")
    serve_store(Path(settings.store), host, port, policy)
