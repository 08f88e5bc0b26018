"""Alerts that people act on: Prometheus' rules from the registry, Alertmanager's configuration from the settings."""
