"""The report: graphs, pages and files, drawn from a Release and from nothing else."""

from surefoot.report.exports import EXPORTS, write_report
from surefoot.report.html import render
from surefoot.report.notebook import graph, table
from surefoot.report.pages import compile_templates, style
from surefoot.report.site import Place, Site
from surefoot.report.who import WhoAnswered
from surefoot.report.who_page import who_files, who_reading

__all__ = [
    "EXPORTS",
    "Place",
    "Site",
    "WhoAnswered",
    "compile_templates",
    "graph",
    "render",
    "style",
    "table",
    "who_files",
    "who_reading",
    "write_report",
]
