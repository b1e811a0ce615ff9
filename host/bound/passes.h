#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "host/bound/sweeps.h"
#include "host/model/dispatch.h"
#include "host/model/flat_model.h"
#include "host/model/stop_token.h"
#include "kernels/message_sets.h"
#include "kernels/trws.h"

namespace warpshard {

/// The work of a price ascent over one model: message passing at given prices and the usage it
/// leads to expect. Keeps its messages, wherever it runs. One thread at a time; never fails.
class Passes {
 public:
  virtual ~Passes() = default;

  /// Prices memory by `prefix`, [times + 1] running sums of prices.
  virtual void price(std::span<const double> prefix) = 0;

  /// One forward and one backward pass over the current messages; soft ones at a `temperature`
  /// (cost units) above 0. When stopped, the messages are on their way: as good as any, but the
  /// bounds mean nothing.
  virtual SweepBounds forward_backward(float temperature, const StopToken& stop) = 0;

  /// Writes the expected usage at each time point, [times] quanta, where values weigh
  /// exp(-(min-marginal - least) / temperature) after the last backward pass.
  virtual void expect_usage(float temperature, std::span<double> usage) = 0;

  virtual void copy(MessageSet from, MessageSet to) = 0;

  /// overshoot_message() of all entries of the current messages and the last ones.
  virtual void overshoot(float momentum) = 0;

  /// A set as it is in host memory, [message entries]; valid until the next call.
  virtual std::span<const float> messages(MessageSet set) = 0;

  /// Overwrites a part of the current messages.
  virtual void set_messages(std::int64_t at, std::span<const float> messages) = 0;

  /// Priced unary rows, current messages and min-marginals in host memory, to be read; valid until
  /// the next call.
  virtual TrwsView view() = 0;
  /// The same, but messages may be out of date.
  virtual TrwsView rows() = 0;
};

/// Makes the passes over a model; both must outlive them.
using MakePasses = std::function<std::unique_ptr<Passes>(const FlatModel&, const Sweeps&)>;

/// Passes on the calling thread.
class HostPasses final : public Passes {
 public:
  HostPasses(const FlatModel& flat, const Sweeps& sweeps,
             InstructionSet instructions = best_instruction_set());

  void price(std::span<const double> prefix) override;
  SweepBounds forward_backward(float temperature, const StopToken& stop) override;
  void expect_usage(float temperature, std::span<double> usage) override;
  void copy(MessageSet from, MessageSet to) override;
  void overshoot(float momentum) override;
  std::span<const float> messages(MessageSet set) override { return set_of(set); }
  void set_messages(std::int64_t at, std::span<const float> messages) override;
  TrwsView view() override;
  TrwsView rows() override { return view(); }

  /// For those who fill them from elsewhere: a whole set, and the min-marginals.
  void load(MessageSet set, std::vector<float> messages) { set_of(set) = std::move(messages); }
  /// Overwrites a priced unary row, until the next price().
  void set_priced(std::int64_t at, std::span<const float> row) {
    std::copy(row.begin(), row.end(), priced_.begin() + at);
  }
  void load_min_marginals(std::vector<float> rows) { min_marginals_ = std::move(rows); }

 private:
  std::vector<float>& set_of(MessageSet set) { return messages_[static_cast<std::size_t>(set)]; }

  const FlatModel* flat_;
  const Sweeps* sweeps_;
  InstructionSet instructions_;
  std::vector<float> priced_;                  ///< [rows] priced unary
  std::vector<float> min_marginals_;           ///< [rows]
  std::vector<float> messages_[kMessageSets];  ///< [message entries]; empty: never used
  std::vector<float> scratch_;                 ///< [max stride]
};

}  // namespace warpshard
