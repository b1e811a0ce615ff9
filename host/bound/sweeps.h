#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/model/flat_model.h"
#include "kernels/trws.h"

namespace warpshard {

/// In which order a sweep visits the variables.
enum class SweepOrder {
  kInput,         ///< as the model numbers them
  kBreadthFirst,  ///< by distance from a variable far from the middle
  kColour,        ///< colour class by colour class: no two of a class are neighbours
};

/// The fixed part of message passing over a model: order, arcs and where each message lies. Refers
/// to the model's tables; the model must outlive it.
class Sweeps {
 public:
  Sweeps(const FlatModel& model, SweepOrder order);

  /// A view over caller-owned arrays: priced unary [rows], messages [num_message_entries()], and
  /// min-marginals [rows]. `temperature` is that of soft messages, 0 for the minimum.
  TrwsView view(const float* unary, float* messages, float* min_marginals,
                float temperature = 0) const;

  std::int64_t num_message_entries() const { return num_message_entries_; }
  std::span<const SweepVariable> variables() const { return variables_; }
  std::span<const SweepArc> arcs() const { return arcs_; }
  /// Where the message that comes in through an arc of the FlatModel starts.
  std::uint32_t message_of_arc(std::int32_t arc) const { return message_of_arc_[arc]; }
  /// Variables without edges, in the model's numbering.
  std::span<const std::int32_t> isolated() const { return isolated_; }

 private:
  const FlatModel* model_;
  std::vector<SweepVariable> variables_;
  std::vector<SweepArc> arcs_;
  std::vector<std::uint32_t> message_of_arc_;
  std::vector<std::int32_t> isolated_;
  std::int64_t num_message_entries_ = 0;
};

}  // namespace warpshard
