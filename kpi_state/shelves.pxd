from kpi_state.rows cimport Row, Shelf

cpdef list standing(Shelf shelf)
cpdef object summary(object shelving, Shelf shelf, object context)
cpdef object summed(object shelving, Row row, str relation, object definitions)
