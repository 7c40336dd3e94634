"""Surefoot: from staff answers about AI to a decision that can be re-opened."""
