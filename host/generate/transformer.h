#pragma once

#include <cstdint>
#include <vector>

#include "host/generate/graph.h"

namespace warpshard::generator {

/// What one layer consists of and how large it is.
struct LayerSpec {
  bool attention = true;
  bool feed_forward = true;  ///< without it and attention: one matrix
  bool dropout = true;
  std::int64_t hidden = 0;             ///< width; a projection precedes where it changes
  std::int64_t heads = 0;              ///< of attention
  std::int64_t feed_forward_size = 0;  ///< hidden units of the feed-forward part
};

/// A transformer stack and how it is trained.
struct ModelSpec {
  std::int64_t batch = 0;
  std::int64_t sequence = 0;
  std::int64_t hidden = 0;  ///< width of the embedding and of the input
  std::int64_t head_size = 0;
  std::int64_t vocabulary = 0;
  bool embedding = true;  ///< token embedding and cross entropy; otherwise dense input, plain sum
  bool norm = true;
  bool centred_norm = true;  ///< layer norm, otherwise root-mean-square norm
  bool bias = true;
  bool gated = false;  ///< gated feed-forward part
  bool adam = true;    ///< with gradient clipping; otherwise plain gradient descent
  std::vector<LayerSpec> layers;
};

/// One training step: forward pass, backward pass, optimizer update, results.
Graph build_training_step(const ModelSpec& spec, Coupling coupling);

}  // namespace warpshard::generator
