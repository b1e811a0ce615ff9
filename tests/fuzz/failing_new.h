#pragma once

namespace warpshard::fuzz {

/// While it lives, this thread's allocations fail once `allocations` of them have succeeded; other
/// threads' never do.
class FailingNew {
 public:
  explicit FailingNew(int allocations);
  ~FailingNew();
  FailingNew(const FailingNew&) = delete;
  FailingNew& operator=(const FailingNew&) = delete;

  /// An allocation has failed.
  bool failed() const;
};

}  // namespace warpshard::fuzz
