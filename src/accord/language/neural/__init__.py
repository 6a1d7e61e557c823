"""The network behind the pipeline, as spaCy components: trained with torch, run in numpy."""
