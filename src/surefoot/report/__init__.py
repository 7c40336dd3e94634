"""The report: graphs, pages and files, drawn from a Release and from nothing else."""
