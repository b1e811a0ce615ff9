// The C interface to the plan store where the library was built without it.

#include "host/api/c_guard.h"
#include "warpshard/warpshard.h"

namespace {

warpshard_status absent() {
  return warpshard::api::failed(WARPSHARD_ABSENT, "this library was built without the plan store");
}

}  // namespace

warpshard_status warpshard_store_open(const char* /*layers*/, warpshard_store** /*out*/) {
  return absent();
}

void warpshard_store_free(warpshard_store* /*store*/) {}

warpshard_status warpshard_store_on_fault(warpshard_store* /*store*/,
                                          warpshard_on_fault /*callback*/, void* /*user*/) {
  return absent();
}

warpshard_status warpshard_store_best(const warpshard_store* /*store*/,
                                      const warpshard_problem* /*problem*/,
                                      warpshard_result** /*out*/) {
  return absent();
}

warpshard_status warpshard_store_solve(const warpshard_store* /*store*/,
                                       const warpshard_problem* /*problem*/,
                                       const warpshard_options* /*options*/,
                                       warpshard_result** /*out*/) {
  return absent();
}

warpshard_status warpshard_store_add(const warpshard_store* /*store*/,
                                     const warpshard_problem* /*problem*/, const int32_t* /*plan*/,
                                     int32_t /*nodes*/) {
  return absent();
}
