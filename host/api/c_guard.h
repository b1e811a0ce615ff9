#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <span>
#include <string>

#include "warpshard/cost.h"
#include "warpshard/evaluate.h"
#include "warpshard/warpshard.h"

namespace warpshard::api {

/// Keeps `message`, cut off where it is too long, for warpshard_last_error(); allocates nothing.
void set_last_error(const char* message) noexcept;

/// Keeps what went wrong and hands `status` on.
warpshard_status failed(warpshard_status status, const char* message) noexcept;
warpshard_status failed(warpshard_status status, const std::string& message) noexcept;

/// Runs `work`, a function that returns a status; no exception leaves it.
template <typename Work>
warpshard_status guarded(Work&& work) noexcept {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return failed(WARPSHARD_NO_MEMORY, "out of memory");
  } catch (const std::exception& exception) {
    return failed(WARPSHARD_INTERNAL, exception.what());
  } catch (...) {
    return failed(WARPSHARD_INTERNAL, "an unknown exception");
  }
}

/// The same where pointers must not be NULL.
template <typename Work, typename... Pointers>
warpshard_status guarded_with(Work&& work, const Pointers*... pointers) noexcept {
  const bool any_null = (... || !pointers);
  if (any_null) return failed(WARPSHARD_INVALID, "a handle or pointer is NULL");
  return guarded(work);
}

/// An array from outside, if it can be one: `count` is not negative, and `values` not NULL unless
/// there are none.
template <typename T>
bool is_array(const T* values, std::int64_t count) {
  return count >= 0 && (values != nullptr || count == 0);
}

template <typename T>
std::span<const T> array_of(const T* values, std::int64_t count) {
  return {values, static_cast<std::size_t>(count)};
}

warpshard_int128 to_c(Int128 value);
warpshard_cost to_c(const Cost& cost);
warpshard_evaluation to_c(const Evaluation& evaluation);
Int128 from_c(warpshard_int128 value);

}  // namespace warpshard::api
