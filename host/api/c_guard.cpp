#include "host/api/c_guard.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "warpshard/version.h"

namespace warpshard::api {
namespace {

constexpr std::size_t kLongestMessage = 1024;

std::array<char, kLongestMessage>& last_error() {
  thread_local std::array<char, kLongestMessage> message{};
  return message;
}

}  // namespace

void set_last_error(const char* message) noexcept {
  auto& kept = last_error();
  const std::size_t length = std::min(std::strlen(message), kept.size() - 1);
  std::memmove(kept.data(), message, length);
  kept[length] = '\0';
}

warpshard_status failed(warpshard_status status, const char* message) noexcept {
  set_last_error(message);
  return status;
}

warpshard_status failed(warpshard_status status, const std::string& message) noexcept {
  return failed(status, message.c_str());
}

warpshard_int128 to_c(Int128 value) {
  return {static_cast<std::int64_t>(value >> 64), static_cast<std::uint64_t>(value)};
}

Int128 from_c(warpshard_int128 value) {
  return Int128{value.high} * (Int128{1} << 64) + Int128{value.low};
}

warpshard_cost to_c(const Cost& cost) {
  return {cost.forbidden, to_c(cost.finite)};
}

warpshard_evaluation to_c(const Evaluation& evaluation) {
  return {to_c(evaluation.cost), to_c(evaluation.peak_usage), evaluation.peak_time,
          evaluation.violations, evaluation.within_limit ? 1 : 0};
}

}  // namespace warpshard::api

using namespace warpshard::api;

int32_t warpshard_abi_version(void) {
  return WARPSHARD_ABI_VERSION;
}

const char* warpshard_version(void) {
  return WARPSHARD_VERSION;
}

const char* warpshard_last_error(void) {
  return last_error().data();
}

double warpshard_int128_to_double(warpshard_int128 value) {
  return static_cast<double>(from_c(value));
}

warpshard_status warpshard_int128_to_int64(warpshard_int128 value, int64_t* out) {
  const auto convert = [&] {
    const auto whole = from_c(value);
    if (whole != static_cast<std::int64_t>(whole))
      return failed(WARPSHARD_ABSENT, "the number does not fit 64 bits");
    *out = static_cast<std::int64_t>(whole);
    return WARPSHARD_OK;
  };
  return guarded_with(convert, out);
}

warpshard_status warpshard_int128_to_text(warpshard_int128 value, char* text) {
  const auto write = [&] {
    const std::string digits = warpshard::to_string(from_c(value));
    std::memcpy(text, digits.c_str(), digits.size() + 1);
    return WARPSHARD_OK;
  };
  return guarded_with(write, text);
}

warpshard_int128 warpshard_cost_total(warpshard_cost cost) {
  return to_c(warpshard::Cost(cost.forbidden, from_c(cost.finite)).total());
}
