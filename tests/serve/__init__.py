"""Tests of `accord serve`, each against a real process."""
