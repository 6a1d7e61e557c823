"""Running Accord for years: what a run did, what it could not do, and who is told.

``run_report`` is one run's account, ``dead_letters`` keeps the articles that could not be used,
``digest`` and ``delivery`` tell people what is new, ``schedule`` says when runs start, ``metrics``
and ``logs`` are for whoever watches over them.
"""
