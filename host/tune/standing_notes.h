#pragma once

#include <optional>
#include <string>

#include "host/tune/schedule.h"

namespace warpshard::tune {

/// Tells other processes over the same store, and whoever tunes the same files later, how far each
/// file has come, so that a slice goes where it gains most whoever had the ones before. Notes are
/// small files that are replaced as a whole. Advice only, like leases: without one, or with a wrong
/// one, slices go to other instances, and no result changes. Any thread.
class StandingNotes {
 public:
  /// `folder` need not exist.
  explicit StandingNotes(std::string folder);

  /// Says so of `file`, as it is now. Where that cannot be written, others go without.
  void write(const std::string& file, const Standing& standing) const;
  /// Gap, seconds and recent gain of the latest note; all else is as in a new Standing. None if
  /// there is no note, or the file has changed since.
  std::optional<Standing> read(const std::string& file) const;

 private:
  std::string path_of(const std::string& file) const;

  const std::string folder_;
};

}  // namespace warpshard::tune
