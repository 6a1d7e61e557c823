#!/usr/bin/env bash
# Start everything, load a sample article, ask the endpoint for it, and say what is wrong if
# nothing comes. It leaves everything running: docker compose -f docker/compose.yaml down
set -euo pipefail
cd "$(dirname "$0")/.."
compose() { docker compose --file docker/compose.yaml "$@"; }

[ -f accord.toml ] || cp docker/accord.toml accord.toml
mkdir -p docker/secrets
for name in database_password token; do
  file="docker/secrets/$name"
  # The folder is closed to others; in the containers users with other numbers read the file.
  [ -s "$file" ] || head -c 24 /dev/urandom | base64 | tr -d '\n' > "$file"
  chmod 644 "$file"
done
chmod 700 docker/secrets

compose up --build --detach --wait
compose exec worker accord ingest /opt/accord/lib/python3.11/site-packages/accord/examples/articles
found=$(curl --fail --silent --show-error --header 'Accept: text/csv' \
  --data-urlencode 'query=SELECT (COUNT(*) AS ?n) WHERE { ?claim <https://w3id.org/accord-kg/ontology#holder> ?who }' \
  http://localhost:7878/query | tail -n 1 | tr -d '\r')
if [ "$found" -gt 0 ]; then
  echo "$found claims are in the graph. Queries: http://localhost:7878/  runs: http://localhost:4200/"
else
  compose logs --tail 50 worker endpoint >&2
  exit 1
fi
