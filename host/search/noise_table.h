#pragma once

#include <vector>

#include "kernels/noise.h"

namespace warpshard {

/// Owner of the Gumbel table that all chains share (host memory).
class NoiseTable {
 public:
  /// `longest_row` is ModelView::max_stride.
  explicit NoiseTable(std::int32_t longest_row);
  NoiseView view() const { return NoiseView{gumbel_.data()}; }
  const std::vector<float>& values() const { return gumbel_; }

 private:
  std::vector<float> gumbel_;
};

}  // namespace warpshard
