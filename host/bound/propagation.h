#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// Marks of values, by index into Model::unary.
using ValueSet = std::vector<bool>;

/// Takes values away from a model until nothing more follows: forbidden ones, values without an
/// allowed partner across an edge, and values that need more memory than is left when every other
/// variable is at its least. What is left does not depend on the order. Exact: no assignment that
/// fits and has no forbidden entries is lost.
class Propagation {
 public:
  /// `model` must outlive it, and `stop`; `removed` ([values]) grows by what goes.
  Propagation(const Model& model, ValueSet& removed, StopGlance& stop);

  /// False if no such assignment is left, or if stopped.
  bool run();

  /// The values of a variable that are left, ascending.
  const std::vector<std::int32_t>& kept(std::int32_t v) const { return kept_[v]; }
  /// [times] capacity less what all variables use at least.
  const std::vector<std::int64_t>& slack() const { return slack_; }

 private:
  void find_blocking_edges();
  bool blocks(std::int32_t table);
  bool settle_edges();
  void drop_without_partner(const Model::Edge& edge);
  bool compute_slack();
  bool drop_without_room();
  std::int64_t least_usage(std::int32_t v, const Model::Segment& segment) const;
  template <typename Goes>
  void drop(std::int32_t v, const Goes& goes);

  const Model& model_;
  ValueSet& removed_;
  StopGlance& stop_;
  std::vector<std::vector<std::int32_t>> kept_;  ///< [variables]
  std::vector<signed char> blocks_;              ///< [tables] has forbidden entries; -1: not known
  std::vector<std::int32_t> edge_offsets_;       ///< [variables + 1] into edges_of_
  std::vector<std::int32_t> edges_of_;           ///< those with forbidden entries
  std::vector<std::int32_t> queue_;              ///< edges to be looked at
  std::vector<bool> queued_;                     ///< [edges]
  bool emptied_ = false;                         ///< a variable has lost all its values
  std::vector<std::int64_t> slack_;
};

}  // namespace warpshard
