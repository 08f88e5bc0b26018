from kpi_state.buckets cimport quarter

cpdef object contact(object view, dict out)
cpdef object lead(object view, dict out)
