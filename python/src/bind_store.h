#pragma once

#include <nanobind/nanobind.h>

namespace warpshard::python {

void bind_store(nanobind::module_& module);

}  // namespace warpshard::python
