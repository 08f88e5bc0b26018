from kpi_state.rows cimport Row

cpdef object view(str subject, Row row, object definitions)
