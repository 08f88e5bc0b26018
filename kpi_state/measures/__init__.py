"""Supporting measures: what boards and alerts need beside the KPIs, one file each."""
