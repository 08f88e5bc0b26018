from kpi_state.entities.call cimport touch
from kpi_state.rows cimport Row

cpdef object view(str subject, Row row, object definitions)
cpdef dict links(object activity)
