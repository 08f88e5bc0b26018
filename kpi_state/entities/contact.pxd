from kpi_state.merges cimport folded, winner_of
from kpi_state.rows cimport Row
from kpi_state.shelves cimport summed

cpdef object view(str subject, Row row, object definitions)
cpdef object first_of(object one, object other)
cpdef dict claimed(list line)
cpdef dict links(object contact)
