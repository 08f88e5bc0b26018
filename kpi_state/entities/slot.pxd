from kpi_state.links cimport slot_actor
from kpi_state.rows cimport Row
from kpi_state.shelves cimport summed

cpdef object view(str subject, Row row, object definitions)
