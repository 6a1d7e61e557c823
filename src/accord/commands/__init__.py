"""The commands of the command line, a module each; :mod:`accord.cli` puts them together.

What takes long to import is imported inside the command that needs it, so that ``--help`` answers
at once.
"""
