"""The dashboard: pages rendered on the server, alive by server-sent events. `application.setup` adds them to one."""
