from kpi_state.rows cimport Row

cdef object _reached(Row row, object first_touch)
cdef object _own_time(Row row, str field)
cpdef dict links(object lead)
