#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "host/device/backend.h"

namespace warpshard::testing {

/// Notes the shares of tabu search that were asked for; otherwise as the search within.
class WatchedSearch final : public DeviceSearch {
 public:
  WatchedSearch(std::unique_ptr<DeviceSearch> inner, std::vector<float>& shares)
      : inner_(std::move(inner)), shares_(shares) {}
  const PopulationPlan& plan() const override { return inner_->plan(); }
  DeviceStatus start(std::span<const Assignment> starts, std::span<const float> prices) override {
    return inner_->start(starts, prices);
  }
  DeviceStatus set_prices(std::span<const float> prices) override {
    return inner_->set_prices(prices);
  }
  DeviceStatus inject(std::span<const Assignment> states) override {
    return inner_->inject(states);
  }
  DeviceStatus run_chunk(const ChunkOptions& options) override {
    shares_.push_back(options.tabu_share);
    return inner_->run_chunk(options);
  }
  Result<std::vector<HarvestedState>> harvest(std::size_t most) override {
    return inner_->harvest(most);
  }
  Result<ChainSnapshot> snapshot(std::int32_t chain) override { return inner_->snapshot(chain); }
  Result<MoveCounters> counters() override { return inner_->counters(); }
  DeviceStatus transfer(Archive& archive) override { return inner_->transfer(archive); }

 private:
  std::unique_ptr<DeviceSearch> inner_;
  std::vector<float>& shares_;
};

/// A device that breaks, or lies.
class BadSearch : public DeviceSearch {
 public:
  explicit BadSearch(bool lies) : lies_(lies) {}
  const PopulationPlan& plan() const override { return plan_; }
  DeviceStatus start(std::span<const Assignment>, std::span<const float>) override { return {}; }
  DeviceStatus set_prices(std::span<const float>) override { return {}; }
  DeviceStatus inject(std::span<const Assignment>) override { return {}; }
  DeviceStatus run_chunk(const ChunkOptions&) override {
    if (lies_) return {};
    return Error{"out of order"};
  }
  Result<std::vector<HarvestedState>> harvest(std::size_t) override {
    return std::vector<HarvestedState>{{{1 << 20}, 0, {}}};
  }
  Result<ChainSnapshot> snapshot(std::int32_t) override { return Error{"no"}; }
  Result<MoveCounters> counters() override { return MoveCounters{}; }
  DeviceStatus transfer(Archive&) override { return {}; }

 private:
  bool lies_;
  PopulationPlan plan_;
};

}  // namespace warpshard::testing
