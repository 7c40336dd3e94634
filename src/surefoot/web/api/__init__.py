"""The programming interface: one table of endpoints, from which its document is made too."""
