"""Where articles come from. Each source is a module that discovers locations, which are read.

:func:`source_of` chooses the source of what a person names, and :func:`configured` returns those
of ``accord.toml``.
"""

from accord.sources.given import configured, source_of
from accord.sources.location import Location, Source, articles, digest, discover

__all__ = ["Location", "Source", "articles", "configured", "digest", "discover", "source_of"]
