"""Views parse, call and render. They read through `store` and write through `actions`."""
