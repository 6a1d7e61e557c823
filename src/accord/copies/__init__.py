"""Copies: articles that have most of their text in common, and so are one report.

:mod:`~accord.copies.fingerprint` is what is kept of a text to compare it by,
:mod:`~accord.copies.originals` says of some texts which is a copy of which, and
:mod:`~accord.copies.marking` keeps that right in a store.
"""
