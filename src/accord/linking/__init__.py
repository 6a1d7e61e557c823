"""Links from the graph to Wikidata and to the data sets of other researchers."""
