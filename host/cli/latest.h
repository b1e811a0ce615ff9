#pragma once

#include <mutex>

namespace warpshard::cli {

/// The latest of something, for the case that a run has to be abandoned. Any thread.
template <typename T>
class Latest {
 public:
  void set(const T& value) {
    const std::lock_guard lock(mutex_);
    value_ = value;
  }
  T get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace warpshard::cli
