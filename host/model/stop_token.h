#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace warpshard {

/// When a piece of work must end: at a deadline, or as soon as one of its flags is set. Copied
/// freely; the flags must outlive all copies, and nobody lowers one again while such work runs:
/// once stopped, a token stays so. Work that takes a token looks at it at least every few
/// milliseconds. Unless its contract says more, what it gives back when stopped is incomplete and
/// of no use: whoever passed the token asks it before the result is looked at.
class StopToken {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Never.
  StopToken() = default;
  explicit StopToken(Time deadline) : deadline_(deadline) {}
  explicit StopToken(const std::atomic<bool>& flag, Time deadline = Time::max())
      : first_(&flag), deadline_(deadline) {}
  StopToken(const std::atomic<bool>& first, const std::atomic<bool>& second,
            Time deadline = Time::max())
      : first_(&first), second_(&second), deadline_(deadline) {}

  /// The same, but at `deadline` at the latest.
  StopToken until(Time deadline) const {
    StopToken token = *this;
    if (deadline < token.deadline_) token.deadline_ = deadline;
    return token;
  }

  Time deadline() const { return deadline_; }
  /// A flag is set; does not look at the clock.
  bool told() const { return is_set(first_) || is_set(second_); }
  bool stopped() const {
    return told() || (deadline_ != Time::max() && std::chrono::steady_clock::now() >= deadline_);
  }

 private:
  static bool is_set(const std::atomic<bool>* flag) {
    return flag != nullptr && flag->load(std::memory_order_relaxed);
  }

  const std::atomic<bool>* first_ = nullptr;
  const std::atomic<bool>* second_ = nullptr;
  Time deadline_ = Time::max();
};

/// Asks a token only every so many times, for loops whose rounds are shorter than a look at the
/// clock. Once it has stopped it stays so.
class StopGlance {
 public:
  explicit StopGlance(const StopToken& token, std::uint32_t interval = 256)
      : token_(token), interval_(interval) {}

  bool stopped() {
    if (++calls_ % interval_ == 0 && !stopped_) stopped_ = token_.stopped();
    return stopped_;
  }

  const StopToken& token() const { return token_; }

 private:
  StopToken token_;
  std::uint32_t interval_;
  std::uint32_t calls_ = 0;
  bool stopped_ = false;
};

}  // namespace warpshard
