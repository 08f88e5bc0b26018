from kpi_state.rows cimport Row

cpdef dict claimed(list line)
cpdef dict links(object contact)
