from kpi_state.rows cimport Row

cpdef object winner_of(Row row, str subject)
cpdef object folded(Row row, str subject)
