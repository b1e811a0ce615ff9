#include "python/src/bind_store.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "python/src/bind_problem.h"
#include "warpshard/plan_store.h"

namespace warpshard::python {

namespace nb = nanobind;

void bind_store(nb::module_& module) {
  nb::class_<StoreFault>(module, "StoreFault")
      .def_ro("path", &StoreFault::path)
      .def_ro("reason", &StoreFault::reason);
  nb::class_<PlanStore>(module, "PlanStore")
      .def("__init__",
           [](PlanStore* place, const std::string& layers) {
             new (place) PlanStore(value_or_raise(PlanStore::open(layers)));
           })
      // The result that is known, and what could not be read.
      .def("best", [](const PlanStore& store, SharedProblem& shared) {
        const SharedProblem::Reader reader(shared);
        const nb::gil_scoped_release release;
        StoreAnswer answer = store.best(reader.problem());
        std::vector<StoreFault> faults = std::move(answer.faults);
        return std::tuple(stored_result(std::move(answer), 0), std::move(faults));
      });
}

}  // namespace warpshard::python
