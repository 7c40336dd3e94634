"""The report: graphs, pages and files, drawn from a Release and from nothing else."""

from surefoot.report.exports import EXPORTS, write_report
from surefoot.report.html import render
from surefoot.report.notebook import graph, table

__all__ = ["EXPORTS", "graph", "render", "table", "write_report"]
