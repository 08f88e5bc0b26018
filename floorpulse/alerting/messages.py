"""What a notification says: one template for Slack, e-mail and Microsoft Teams. A webhook gets Alertmanager's own JSON.

Source: prometheus.io/docs/alerting/latest/notifications. Only annotations are said: they hold what a reader needs, and
no label that they leave out.
"""

from __future__ import annotations

from typing import Final

FILE: Final = "templates/floorpulse.tmpl"
TITLE: Final = '{{ template "floorpulse.title" . }}'
TEXT: Final = '{{ template "floorpulse.text" . }}'
MARKDOWN: Final = '{{ template "floorpulse.markdown" . }}'
BOARD: Final = '{{ template "floorpulse.board" . }}'

TEMPLATES: Final = """\
{{ define "floorpulse.title" -}}
{{ if eq .Status "firing" -}}
{{ (index .Alerts.Firing 0).Annotations.summary }}{{ if gt (len .Alerts.Firing) 1 }}, and others{{ end }}
{{- else -}}
Over: {{ (index .Alerts.Resolved 0).Annotations.summary }}{{ if gt (len .Alerts.Resolved) 1 }}, and others{{ end }}
{{- end }}
{{- end }}

{{ define "floorpulse.board" -}}
{{ (index .Alerts 0).Annotations.board }}
{{- end }}

{{ define "floorpulse.text" -}}
{{ range .Alerts.Firing -}}
{{ .Annotations.summary }}
{{ .Annotations.description }}
{{ if .Annotations.board }}Board: {{ .Annotations.board }}
{{ end }}What to do: {{ .Annotations.runbook_url }}

{{ end -}}
{{ range .Alerts.Resolved -}}
Over: {{ .Annotations.summary }}
{{ end -}}
{{- end }}

{{ define "floorpulse.markdown" -}}
{{ range .Alerts.Firing -}}
**{{ .Annotations.summary }}**

{{ .Annotations.description }}

[Board]({{ .Annotations.board }}). What to do: {{ .Annotations.runbook_url }}

{{ end -}}
{{ range .Alerts.Resolved -}}
Over: {{ .Annotations.summary }}

{{ end -}}
{{- end }}
"""
