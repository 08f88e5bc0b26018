from kpi_state.buckets cimport quarter

cpdef object lead(object view, dict out)
