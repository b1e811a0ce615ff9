#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/device/backend.h"
#include "host/device/device_rounds.h"
#include "host/portfolio/worker.h"

namespace warpshard {

/// A population of chains on one device, a GPU or the CPU in a GPU's place, a piece of a round at a
/// time. What it harvests is checked on the host before it counts. A device that is lost is logged
/// once and left out from then on.
class DeviceWorker final : public Worker {
 public:
  /// `passes_messages`: the device does that, too; chains leave room for it.
  DeviceWorker(DeviceInfo device, std::uint64_t seed, bool passes_messages = false)
      : device_(std::move(device)), seed_(seed), passes_messages_(passes_messages) {}

  std::string name() const override { return device_.label(); }
  bool ready(const Pool& pool) const override;
  /// A device is never to wait; it takes one task at a time.
  bool urgent(const Pool& /*pool*/) const override { return true; }
  double weight(const Pool& /*pool*/) const override { return 1; }
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& archive, Pool& pool) override;

 private:
  class Piece;

  /// Rounds on a core; tasks in the air keep both alive.
  struct Search {
    CorePointer core;
    std::unique_ptr<DeviceRounds> rounds;
  };

  /// Puts a core on the device.
  Result<std::shared_ptr<Search>> search_on(CorePointer core) const;
  std::vector<std::byte> read_chains(Pool& pool);

  DeviceInfo device_;
  std::uint64_t seed_;
  bool passes_messages_;
  std::shared_ptr<Search> search_;
  bool busy_ = false;
  bool lost_ = false;
};

}  // namespace warpshard
