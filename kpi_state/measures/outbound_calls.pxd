from kpi_state.buckets cimport quarter

cpdef object call(object view, dict out)
cpdef object dial(object view, dict out)
