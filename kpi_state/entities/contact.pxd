from kpi_state.merges cimport folded, winner_of
from kpi_state.rows cimport Row
from kpi_state.shelves cimport summed

cpdef dict claimed(list line)
cpdef dict links(object contact)
