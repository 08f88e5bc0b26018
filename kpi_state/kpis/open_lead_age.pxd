from kpi_state.buckets cimport instant

cpdef object lead(object view, dict out)
