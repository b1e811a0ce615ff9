#pragma once

#include <nanobind/nanobind.h>

namespace warpshard::python {

/// What there is beside problems and solve(): bounds, reductions, the generator.
void bind_tools(nanobind::module_& module);

}  // namespace warpshard::python
