"""The survey on the web: the only part that knows Django.

Rows become core objects in `store` alone, and are written in `actions` alone; views parse, call and render.
"""
