"""JSON over HTTP: one file an endpoint, all of them in `table.ENDPOINTS`."""
