from kpi_state.buckets cimport add, quarter

cpdef object lead(object view, dict out)
