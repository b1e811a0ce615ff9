// What memory is worth over time, in the C interface.

#include "host/api/c_guard.h"
#include "host/api/c_handles.h"

using namespace warpshard::api;

warpshard_status warpshard_options_set_prices(warpshard_options* options,
                                              const warpshard_time_price* prices, int32_t count) {
  const auto assign = [&] {
    if (!is_array(prices, count)) return failed(WARPSHARD_INVALID, "the prices are no array");
    options->solver.prices.clear();
    for (const warpshard_time_price& price : array_of(prices, count))
      options->solver.prices.push_back({price.time, price.price});
    return WARPSHARD_OK;
  };
  return guarded_with(assign, options);
}

int32_t warpshard_result_num_prices(const warpshard_result* result) {
  return result == nullptr ? 0 : static_cast<std::int32_t>(result->result.prices.size());
}

warpshard_status warpshard_result_price(const warpshard_result* result, int32_t index,
                                        warpshard_time_price* out) {
  const auto get = [&] {
    if (index < 0 || index >= warpshard_result_num_prices(result))
      return failed(WARPSHARD_ABSENT, "the result has no such price");
    const warpshard::TimePrice& price = result->result.prices[index];
    *out = {price.time, price.price};
    return WARPSHARD_OK;
  };
  return guarded_with(get, result, out);
}
