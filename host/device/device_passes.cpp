#include "host/device/device_passes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace warpshard {
namespace {

SweepPlan plan_of(const Sweeps& sweeps) {
  return {sweeps.variables(), sweeps.arcs(), sweeps.isolated(), sweeps.num_message_entries()};
}

class DevicePasses final : public Passes {
 public:
  DevicePasses(const FlatModel& flat, const Sweeps& sweeps, std::unique_ptr<DeviceSweeps> device,
               PassesLog log)
      : host_(flat, sweeps),
        device_(std::move(device)),
        log_(std::move(log)),
        prefix_(flat.capacity.size() + 1, 0) {}

  void price(std::span<const double> prefix) override {
    prefix_.assign(prefix.begin(), prefix.end());
  }

  SweepBounds forward_backward(float temperature, const StopToken& stop) override {
    upload();
    forget(MessageSet::kCurrent);
    if (device_)
      if (const auto bounds = kept(device_->forward_backward(prefix_, temperature))) return *bounds;
    host_.price(prefix_);
    return host_.forward_backward(temperature, stop);
  }

  void expect_usage(float temperature, std::span<double> usage) override {
    if (device_) {
      if (const auto expected = kept(device_->expected_usage(temperature))) {
        std::ranges::copy(*expected, usage.begin());
        return;
      }
      host_.price(prefix_);
      host_.forward_backward(/*temperature=*/0, StopToken{});  // for min-marginals
    }
    host_.expect_usage(temperature, usage);
  }

  void copy(MessageSet from, MessageSet to) override {
    upload();
    forget(to);
    if (device_ && !drop(device_->copy(from, to))) return;
    host_.copy(from, to);
  }

  void overshoot(float momentum) override {
    upload();
    forget(MessageSet::kCurrent);
    forget(MessageSet::kLast);
    if (device_ && !drop(device_->overshoot(momentum))) return;
    host_.overshoot(momentum);
  }

  std::span<const float> messages(MessageSet set) override {
    download(set);
    return host_.messages(set);
  }

  void set_messages(std::int64_t at, std::span<const float> messages) override {
    download(MessageSet::kCurrent);
    host_.set_messages(at, messages);
    changed_ = device_ != nullptr;
  }

  TrwsView view() override {
    download(MessageSet::kCurrent);
    return rows();
  }

  TrwsView rows() override {
    upload();
    host_.price(prefix_);
    if (device_)
      if (auto rows = kept(device_->min_marginals())) host_.load_min_marginals(std::move(*rows));
    return host_.view();
  }

 private:
  /// True if a call failed: from then on the CPU does it all.
  bool drop(const DeviceStatus& failure) {
    if (!failure) return false;
    if (log_) log_("message passing goes on without the device: " + failure->message);
    device_.reset();
    changed_ = false;
    for (const MessageSet set : {MessageSet::kCurrent, MessageSet::kLast, MessageSet::kAside})
      host_.copy(MessageSet::kBest, set);
    return true;
  }

  /// What a call brought, or nothing if it failed.
  template <typename T>
  std::optional<T> kept(Result<T> result) {
    if (result) return std::move(*result);
    drop(result.error());
    return std::nullopt;
  }

  void upload() {
    if (!changed_) return;
    changed_ = false;
    drop(device_->set_messages(MessageSet::kCurrent, host_.messages(MessageSet::kCurrent)));
  }

  /// Lets the host have a set as the device has it.
  void download(MessageSet set) {
    bool& same = same_[static_cast<std::size_t>(set)];
    if (!device_ || same) return;
    if (auto messages = kept(device_->messages(set))) host_.load(set, std::move(*messages));
    same = true;
  }
  void forget(MessageSet set) { same_[static_cast<std::size_t>(set)] = false; }

  HostPasses host_;
  std::unique_ptr<DeviceSweeps> device_;  ///< empty once it failed
  PassesLog log_;
  std::vector<double> prefix_;             ///< [times + 1] as last priced
  std::array<bool, kMessageSets> same_{};  ///< the host has the set as it is
  bool changed_ = false;                   ///< the host's current messages are to go to the device
};

}  // namespace

std::unique_ptr<Passes> device_passes(const FlatModel& flat, const Sweeps& sweeps,
                                      std::unique_ptr<DeviceSweeps> device, PassesLog log) {
  return std::make_unique<DevicePasses>(flat, sweeps, std::move(device), std::move(log));
}

MakePasses make_passes_on(const DeviceInfo& gpu, PassesLog log) {
  return [gpu, log = std::move(log)](const FlatModel& flat,
                                     const Sweeps& sweeps) -> std::unique_ptr<Passes> {
    if (gpu.kind == DeviceInfo::Kind::kHost) return std::make_unique<HostPasses>(flat, sweeps);
    auto device = make_device_sweeps(flat, plan_of(sweeps), gpu.number);
    const std::string name = gpu.label();
    if (!device) {
      if (log) log(name + " passes no messages: " + device.error().message);
      return std::make_unique<HostPasses>(flat, sweeps);
    }
    if (log) log(name + " passes messages");
    return device_passes(flat, sweeps, std::move(*device), log);
  };
}

}  // namespace warpshard
