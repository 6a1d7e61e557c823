"""The SPARQL endpoint for other people: `accord serve`.

child.py     the Oxigraph server, as a child process that is watched and restarted
protocol.py  a request of the SPARQL 1.1 Protocol, read and checked
guard.py     what a query may not do
relay.py     the child's answers, within bounds of time, size and number
app.py       the routes
server.py    all of it together, until it is told to stop
"""
