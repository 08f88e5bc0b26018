from kpi_state.rows cimport Row

cpdef object holder(list known, object time)
cpdef object view(str subject, Row row, object definitions)
cpdef dict links(object number)
