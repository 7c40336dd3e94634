"""Rules that turn a Release into sentences, each with its figures and its rationale."""

from surefoot.findings.finding import Claim, Finding, Part
from surefoot.findings.rules import RULES, find

__all__ = ["RULES", "Claim", "Finding", "Part", "find"]
