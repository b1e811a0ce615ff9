#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace warpshard::tune {

/// Says to other processes over the same store which instances this one works on, so that they
/// take others first. Advice only: a lease that is lost, stolen or never written costs repeated
/// work, and no result. Whether another's lease is alive is told by its heartbeat, against this
/// process's own steady clock: no two machines' clocks are compared. Any thread.
class Leases {
 public:
  using Clock = std::chrono::steady_clock;

  /// `folder` need not exist. A lease of another that has not changed for `expiry` is dead; those
  /// of this one are renewed by beat().
  Leases(std::string folder, std::chrono::milliseconds expiry = std::chrono::seconds(60));
  /// Gives back what is held.
  ~Leases();
  Leases(const Leases&) = delete;
  Leases& operator=(const Leases&) = delete;

  /// True if this process holds the lease on `key` afterwards, or nobody can tell that it does not.
  bool take(const std::string& key);
  /// True if another process seems to be at work on it.
  bool is_taken(const std::string& key);
  void give_back(const std::string& key);
  /// Renews all leases that are held; call it several times per expiry.
  void beat();

 private:
  /// What was last read of another's lease, and since when it has been so.
  struct Sighting {
    std::string text;
    Clock::time_point since;
  };

  std::string path_of(const std::string& key) const;
  std::string text() const;
  bool alive(const std::string& key);

  const std::string folder_;
  const std::chrono::milliseconds expiry_;
  const std::string holder_;
  std::mutex mutex_;  ///< guards what follows
  std::uint64_t beats_ = 0;
  std::map<std::string, Sighting> seen_;
  std::set<std::string> held_;
};

}  // namespace warpshard::tune
