from kpi_state.rows cimport Row
from kpi_state.shelves cimport summed

cpdef object holder(list known, object time)
cpdef object view(str subject, Row row, object definitions)
cpdef dict links(object number)
