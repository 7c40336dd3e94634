"""The report as pages that lead to one another: an overview, a page for each chapter, organisation and sentence."""

from surefoot.report.site.site import Place, Site

__all__ = ["Place", "Site"]
