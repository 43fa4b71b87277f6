"""The page on the clerk's own machine and the interface for programs: ``govreport serve``. ``docs/serve.md``, ``docs/serve-api.md``."""
