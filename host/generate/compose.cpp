#include "host/generate/compose.h"

#include <algorithm>
#include <array>

#include "host/generate/transformer.h"

namespace warpshard::generator {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): the seed's bits for draw `index` of stream `stream`.
std::uint64_t draw(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  std::uint64_t z = seed * 0x9E3779B97F4A7C15U + stream * 0xD1342543DE82EF95U + index;
  for (int i = 0; i < 2; ++i) {
    z += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    z ^= z >> 31U;
  }
  return z;
}

enum Stream : std::uint64_t { kArchitecture, kWidth, kHeads, kFeedForward };

/// Consecutive layers of equal width.
constexpr std::size_t kStageLayers = 4;

constexpr int kSecantSteps = 4;

/// How rich the model is; a small number of nodes needs a poor one.
enum class Detail : std::uint8_t { kFull, kNoDropout, kNoVocabulary, kPlain, kMatrix };

/// What a layer consists of, heaviest first.
enum class LayerKind : std::uint8_t { kFull, kNoDropout, kFeedForward, kMatrix };

class Composer {
 public:
  explicit Composer(const GeneratorOptions& options) : options_(options) {}

  Graph run() {
    if (options_.target_nodes == 0) {
      for (std::int32_t i = 0; i < options_.layers; ++i) layers_.push_back(LayerKind::kFull);
      return build();
    }
    choose_detail();
    fill_with_layers(heaviest());
    for (const LayerKind kind :
         {LayerKind::kNoDropout, LayerKind::kFeedForward, LayerKind::kMatrix})
      if (kind > heaviest()) fill_with_layers(kind);
    Graph graph = build();
    pad(graph);
    return graph;
  }

 private:
  Graph build() const { return build_training_step(spec(), options_.coupling); }

  LayerKind heaviest() const {
    if (detail_ == Detail::kFull) return LayerKind::kFull;
    if (detail_ == Detail::kPlain) return LayerKind::kFeedForward;
    return detail_ == Detail::kMatrix ? LayerKind::kMatrix : LayerKind::kNoDropout;
  }

  bool fits() const { return build().size() <= options_.target_nodes; }

  /// The richest model of which one layer fits.
  void choose_detail() {
    for (const Detail detail : {Detail::kFull, Detail::kNoDropout, Detail::kNoVocabulary,
                                Detail::kPlain, Detail::kMatrix}) {
      detail_ = detail;
      layers_ = {heaviest()};
      if (fits()) return;
    }
  }

  /// Appends the most layers of a kind that fit. A step's size is close to linear in the number of
  /// layers, so a few steps of the secant method come near; the rest is counted out.
  void fill_with_layers(LayerKind kind) {
    const std::size_t before = layers_.size();
    const auto size_with = [&](std::int64_t count) {
      layers_.resize(before + static_cast<std::size_t>(count), kind);
      return std::int64_t{build().size()};
    };
    const std::int64_t target = options_.target_nodes;
    const std::int64_t base = size_with(0);
    std::int64_t count = 1;
    std::int64_t size = size_with(1);
    if (size > target) return layers_.resize(before);
    for (int step = 0; step < kSecantSteps; ++step) {
      const std::int64_t per_layer = (size - base) / count;
      if (target >= size && target - size < per_layer) break;
      count = std::max<std::int64_t>(1, (target - base) / per_layer);
      size = size_with(count);
    }
    while (size <= target) size = size_with(++count);
    while (size > target) size = size_with(--count);
  }

  /// Adds tuple elements, one round over the parameters after another.
  void pad(Graph& graph) const {
    std::vector<std::int32_t> parameters;
    for (std::int32_t id = 0; id < graph.size(); ++id)
      if (graph[id].kind == OpKind::kParameter) parameters.push_back(id);
    for (std::size_t i = 0; graph.size() < options_.target_nodes; ++i)
      graph.alias(parameters[i % parameters.size()]);
  }

  ModelSpec spec() const {
    const std::uint64_t bits = draw(options_.seed, kArchitecture, 0);
    ModelSpec model;
    model.batch = options_.batch;
    model.sequence = options_.sequence;
    model.hidden = options_.hidden;
    model.head_size = options_.hidden / options_.heads;
    model.vocabulary = options_.vocabulary;
    model.embedding = detail_ < Detail::kNoVocabulary;
    model.adam = detail_ < Detail::kPlain;
    model.norm = detail_ < Detail::kPlain;
    model.bias = detail_ < Detail::kPlain && (bits & 1U) != 0;
    model.centred_norm = (bits & 2U) != 0;
    model.gated = detail_ < Detail::kPlain && (bits & 4U) != 0;
    for (std::size_t i = 0; i < layers_.size(); ++i) model.layers.push_back(layer(i));
    return model;
  }

  /// Layers differ in width, as they do after pruning or an architecture search: the stack from
  /// stage to stage, heads and feed-forward part from layer to layer.
  LayerSpec layer(std::size_t index) const {
    LayerSpec spec;
    spec.attention = layers_[index] <= LayerKind::kNoDropout;
    spec.feed_forward = layers_[index] <= LayerKind::kFeedForward;
    spec.dropout = layers_[index] == LayerKind::kFull;
    spec.hidden =
        index < kStageLayers
            ? options_.hidden
            : fraction(options_.hidden, draw_between(kWidth, index / kStageLayers, 8, 24), 16);
    spec.heads = draw_between(kHeads, index, (options_.heads + 1) / 2, options_.heads);
    spec.feed_forward_size =
        fraction(options_.hidden, draw_between(kFeedForward, index, 96, 320), 64);
    return spec;
  }

  std::int64_t draw_between(Stream stream, std::size_t index, std::int64_t least,
                            std::int64_t most) const {
    const auto choices = static_cast<std::uint64_t>(most - least + 1);
    return least + static_cast<std::int64_t>(draw(options_.seed, stream, index) % choices);
  }

  /// numerator / denominator of `whole`, at least 1.
  static std::int64_t fraction(std::int64_t whole, std::int64_t numerator,
                               std::int64_t denominator) {
    return std::max<std::int64_t>(1, whole * numerator / denominator);
  }

  const GeneratorOptions& options_;
  Detail detail_ = Detail::kFull;
  std::vector<LayerKind> layers_;
};

}  // namespace

Graph compose(const GeneratorOptions& options) {
  return Composer(options).run();
}

}  // namespace warpshard::generator
