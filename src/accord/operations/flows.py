"""The flows of ``flows/`` under names by which Prefect can import them from any folder."""

from accord.resources import load_flow

ingest = load_flow("ingest").ingest
report = load_flow("report").report
