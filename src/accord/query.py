"""Questions to a store: SPARQL as text, or a named query of ``ontology/queries``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse_query_results,
    serialize,
)
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from accord.errors import QueryError
from accord.parameters import Names, Parameter, parameters
from accord.resources import resource
from accord.store import PREFIXES, Answer, Store

_WIDE = 60
"""A column whose values are often longer is shown below its rows and not as a column."""

_WORD = 13
"""A column with no longer values ("not-fulfilled") is not broken over lines."""

FORMATS = ("table", "csv", "tsv", "json")


_PLACE = re.compile(
    r"^(?P<indent>[ \t]*)#[ \t]*(?P<how>values|limit):[ \t]*(?P<name>\w+)(?P<pattern>.*)$", re.M
)
"""A line of a query that a parameter brings to life."""


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of ``ontology/queries/NAME.rq`` with the question that it answers.

    ``sparql`` is the file's text, a query as it stands: the places of its parameters are comments,
    so that without values it answers for all.
    """

    name: str
    title: str
    description: str
    sparql: str
    parameters: tuple[Parameter, ...] = ()

    def bound(self, values: Mapping[str, Sequence[str]], names: Names) -> str:
        """Return the query's text with the terms of its parameters in their places.

        A parameter with several values means any of them.

        :param values: what is given for each parameter, as a user writes it
        :raises QueryError: if a parameter is unknown, missing, or not of its type
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values.keys() - known.keys():
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            raise QueryError(
                f"The query {self.name} has no parameter {name!r}.",
                (f"Did you mean {near[0]}? " if near else "")
                + (f"It has {', '.join(known)}." if known else "It has none."),
            )
        clauses: dict[tuple[str, str], str] = {}
        for parameter in self.parameters:
            texts = values.get(parameter.name) or [parameter.default or ""]
            if texts == [""] and parameter.default is None:
                if parameter.required:
                    raise QueryError(
                        f"The query {self.name} needs the parameter {parameter.name}: "
                        f"{parameter.description}",
                        f"Give it with -p {parameter.usage}.",
                    )
                continue
            terms = parameter.terms(texts, names)
            listed = " ".join(map(str, terms))
            clauses["values", parameter.name] = f"VALUES ?{parameter.name} {{ {listed} }}"
            if parameter.type == "integer":
                if len(terms) > 1:
                    raise QueryError(f"The parameter {parameter.name} has one value, not more.")
                clauses["limit", parameter.name] = f"LIMIT {terms[0].value}"

        def fill(place: re.Match[str]) -> str:
            clause = clauses.get((place["how"], place["name"]))
            return place[0] if clause is None else place["indent"] + clause + place["pattern"]

        return _PLACE.sub(fill, self.sparql)

    def most_rows(self, values: Mapping[str, Sequence[str]]) -> int | None:
        """Return how many rows the query stops at, or None if it gives all there are."""
        for parameter in self.parameters:
            if parameter.type == "integer":
                return int((values.get(parameter.name) or [parameter.default or "0"])[0]) or None
        return None

    @property
    def text(self) -> str:
        """The query with the prefixes that it uses declared, for any other SPARQL client."""
        used = [
            f"PREFIX {name}: <{iri}>\n"
            for name, iri in PREFIXES.items()
            if re.search(rf"(?<![\w<]){name}:", self.sparql)
        ]
        return re.sub(r"^(?=SELECT)", "".join(used), self.sparql, count=1, flags=re.MULTILINE)


def count_rows(answer: Answer) -> tuple[Answer, int]:
    """Return an answer with the number of its rows; of what is no SELECT, 0.

    :raises QueryError: if the answer cannot be completed, for instance by a SERVICE
    """
    if not isinstance(answer, QuerySolutions):
        return answer, 0
    try:
        body = answer.serialize(format=QueryResultsFormat.JSON) or b""
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"The query failed: {' '.join(str(error).split())}.") from error
    again: Any = parse_query_results(body, format=QueryResultsFormat.JSON)
    number = sum(1 for _ in again)
    again = parse_query_results(body, format=QueryResultsFormat.JSON)
    return again, number


def names_in(store: Store) -> Names:
    """Return what users may call actors, places and accords in questions to a store."""
    from accord.vocabulary import load_vocabulary

    def minted(iri: str) -> bool:
        return bool(store.query(f"ASK {{ GRAPH ?graph {{ {NamedNode(iri)} a ?class }} }}"))

    return Names(load_vocabulary(), minted)


def named_queries() -> Iterator[NamedQuery]:
    """Yield all named queries, in the order of their names.

    A query's file starts with the comments ``# title:`` and ``# description:``, and one
    ``# param:`` for each parameter (see :class:`accord.parameters.Parameter`). A line
    ``# values: NAME PATTERN`` in its text becomes ``VALUES ?NAME { ... } PATTERN`` if the parameter
    is given, ``# limit: NAME`` becomes ``LIMIT ...``.

    :raises QueryError: if a file lacks its title, or its parameters and their places differ
    """
    for path in sorted(resource("ontology", "queries").glob("*.rq")):
        yield _read(path)


def find_query(name: str) -> NamedQuery:
    """Return a named query.

    :raises QueryError: if there is none of that name
    """
    queries = {query.name: query for query in named_queries()}
    if name in queries:
        return queries[name]
    near = get_close_matches(name, queries, n=3, cutoff=0.4)
    raise QueryError(
        f"There is no query named {name!r}.",
        (f"Did you mean {' or '.join(near)}? " if near else "") + "`accord queries` lists them.",
    )


def is_sparql(text: str) -> bool:
    """Tell a SPARQL query from the name of a query."""
    return re.fullmatch(r"[\w-]+", text.strip()) is None


def rows(answer: Answer) -> Iterator[dict[str, str]]:
    """Yield the solutions of a SELECT as plain strings, IRIs and literals alike; unbound is ''."""
    solutions: Any = answer
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: _plain(solution[name]) for name in names}


def render(answer: Answer, format: str, limit: int | None = None) -> str | Group:
    """Return an answer in one of ``FORMATS``.

    ``csv``, ``tsv`` and ``json`` are the W3C's forms of results. The triples of a CONSTRUCT or
    DESCRIBE are Turtle in the form ``table`` and N-Triples in the others. A table shows at most
    ``limit`` rows and counts the rest.

    :raises QueryError: if the answer cannot be completed
    """
    try:
        if isinstance(answer, QueryBoolean):
            return _boolean(bool(answer), format)
        if not isinstance(answer, QuerySolutions):
            if format == "table":
                turtle = serialize(answer, format=RdfFormat.TURTLE, prefixes=PREFIXES)
                return (turtle or b"").decode()
            return (answer.serialize(format=RdfFormat.N_TRIPLES) or b"").decode()
        if format != "table":
            results = QueryResultsFormat.from_extension(format)
            return (answer.serialize(format=results) or b"").decode()
        return _table(answer, limit)
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"The query failed: {error}.") from error


def _table(answer: QuerySolutions, limit: int | None) -> Group:
    names = [variable.value.replace("_", " ") for variable in answer.variables]
    cells = [[_short(value) for value in row.values()] for row in rows(answer)]
    # Exact words do not fit beside names: they go below their row.
    wide = {i for i in range(len(names)) if _is_wide([row[i] for row in cells if row[i]])}
    narrow = [i for i in range(len(names)) if i not in wide]
    table = Table(highlight=False, header_style="bold", show_lines=False)
    for i in narrow:
        longest = max((len(row[i]) for row in cells[:limit]), default=0)
        table.add_column(names[i], no_wrap=longest <= _WORD, overflow="fold")
    parts: list[RenderableType] = []
    for row in cells[:limit]:
        if wide:
            parts.append(Text(" · ".join(row[i] for i in narrow if row[i]), style="bold"))
            parts += [Padding(Text(row[i]), (0, 0, 0, 4)) for i in sorted(wide) if row[i]]
        else:
            table.add_row(*row)
    if wide:
        parts.insert(0, Text(" · ".join(names[i] for i in narrow), style="dim"))
    else:
        parts.append(table)
    if limit is not None and len(cells) > limit:
        parts.append(Text(f"and {len(cells) - limit} more rows", style="dim"))
    if not cells:
        parts.append(Text("no rows", style="dim"))
    return Group(*parts)


def _is_wide(values: list[str]) -> bool:
    return sum(len(value) > _WIDE for value in values) > len(values) / 4


def _boolean(value: bool, format: str) -> str:
    if format == "json":
        return f'{{"head": {{}}, "boolean": {str(value).lower()}}}'
    if format == "csv":
        line = io.StringIO()
        csv.writer(line).writerow([str(value).lower()])
        return line.getvalue().strip()
    return str(value).lower()


def _read(path: Path) -> NamedQuery:
    sparql = path.read_text(encoding="utf-8")
    heads = dict(re.findall(r"^#\s*(title|description):\s*(.+)$", sparql, re.MULTILINE))
    if "title" not in heads:
        raise QueryError(f"{path} has no line `# title: ...`.", "Write the question there.")
    found = tuple(parameters(sparql))
    declared = {parameter.name for parameter in found}
    placed = {place["name"] for place in _PLACE.finditer(sparql)}
    if len(found) > len(declared) or declared != placed:
        raise QueryError(
            f"{path}: the lines `# param:` declare {', '.join(sorted(declared)) or 'nothing'}, and "
            f"`# values:` or `# limit:` place {', '.join(sorted(placed)) or 'nothing'}.",
            "Each parameter needs one declaration and at least one place.",
        )
    return NamedQuery(path.stem, heads["title"], heads.get("description", ""), sparql, found)


def _plain(term: Any) -> str:
    if isinstance(term, (NamedNode, Literal)):
        return str(term.value)
    return "" if term is None else str(term)


def _short(text: str) -> str:
    """Write an IRI of a known namespace with its prefix."""
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace) and len(text) > len(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text
