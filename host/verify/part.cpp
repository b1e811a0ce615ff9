#include "host/verify/part.h"

#include <algorithm>
#include <limits>
#include <span>

namespace warpshard::verify {
namespace {

/// A 128-bit sum that notices when it overflows.
class Sum {
 public:
  void add(Int128 term) { failed_ |= __builtin_add_overflow(value_, term, &value_); }
  void add_product(Int128 a, Int128 b) {
    Int128 product = 0;
    failed_ |= __builtin_mul_overflow(a, b, &product);
    add(product);
  }
  Int128 value() const { return value_; }
  bool failed() const { return failed_; }

 private:
  Int128 value_ = 0;
  bool failed_ = false;
};

bool in_range(const Dual& dual) {
  if (dual.price_shift < 0 || dual.price_shift > kMostPriceShift ||
      dual.message_shift < -kMostMessageShift || dual.message_shift > kMostMessageShift)
    return false;
  const std::int64_t most = std::int64_t{1} << (kMessageBits + std::min(dual.message_shift, 0));
  return std::ranges::all_of(dual.prices, [](std::int64_t price) { return price >= 0; }) &&
         std::ranges::all_of(dual.messages, [&](std::int64_t message) {
           return -most <= message && message <= most;
         });
}

constexpr Int128 kNoEntry = std::numeric_limits<Int128>::max();

}  // namespace

Part::Part(const CoreProblem& core) : core_(&core), left_(core.unary.size(), 1) {}

std::int32_t Part::count(std::int32_t v) const {
  return static_cast<std::int32_t>(std::count(left_.begin() + core_->value_offsets[v],
                                              left_.begin() + core_->value_offsets[v + 1], 1));
}

void Part::take_away_all(std::int32_t v) {
  std::fill(left_.begin() + core_->value_offsets[v], left_.begin() + core_->value_offsets[v + 1],
            0);
}

bool Part::none_left() const {
  for (std::int32_t v = 0; v < core_->num_variables(); ++v)
    if (count(v) == 0) return true;
  return false;
}

bool Part::propagate() {
  for (std::size_t i = 0; i < left_.size(); ++i)
    if (is_forbidden(core_->unary[i])) left_[i] = 0;
  for (bool changed = true; changed;) {
    while (drop_without_partner()) {
    }
    if (none_left()) return false;
    changed = false;
    if (!drop_without_room(changed)) return false;
  }
  return true;
}

/// One look at all edges; true if anything went.
bool Part::drop_without_partner() {
  bool changed = false;
  std::vector<std::uint8_t> supported;
  for (const CoreProblem::Edge& edge : core_->edges) {
    const std::int64_t* entry = core_->entries.data() + edge.entries;
    std::uint8_t* rows = left_.data() + core_->value_offsets[edge.u];
    std::uint8_t* columns = left_.data() + core_->value_offsets[edge.v];
    const std::int32_t width = core_->domain(edge.v);
    supported.assign(static_cast<std::size_t>(width), 0);
    for (std::int32_t a = 0; a < core_->domain(edge.u); ++a, entry += width) {
      if (rows[a] == 0) continue;
      bool any = false;
      for (std::int32_t b = 0; b < width; ++b) {
        if (columns[b] == 0 || is_forbidden(entry[b])) continue;
        any = true;
        supported[b] = 1;
      }
      if (any) continue;
      rows[a] = 0;
      changed = true;
    }
    for (std::int32_t b = 0; b < width; ++b) {
      if (columns[b] == 0 || supported[b] != 0) continue;
      columns[b] = 0;
      changed = true;
    }
  }
  return changed;
}

/// False if the least usages alone do not fit.
bool Part::drop_without_room(bool& changed) {
  const auto least_of = [&](std::int32_t v, const CoreProblem::Piece& piece) {
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (std::int32_t d = 0; d < core_->domain(v); ++d)
      if (has(v, d)) least = std::min(least, core_->usage[piece.usage + d]);
    return least;
  };
  std::vector<std::int64_t> room(core_->capacity.size() + 1, 0);
  std::vector<std::int64_t> least;  // [pieces]
  for (std::int32_t v = 0; v < core_->num_variables(); ++v) {
    for (std::int32_t i = core_->piece_offsets[v]; i < core_->piece_offsets[v + 1]; ++i) {
      const CoreProblem::Piece& piece = core_->pieces[i];
      least.push_back(least_of(v, piece));
      room[piece.begin] += least.back();
      room[piece.end] -= least.back();
    }
  }
  std::int64_t used = 0;
  for (std::size_t t = 0; t < core_->capacity.size(); ++t) {
    used += room[t];
    room[t] = core_->capacity[t] - used;
    if (room[t] < 0) return false;
  }
  for (std::int32_t v = 0; v < core_->num_variables(); ++v) {
    for (std::int32_t i = core_->piece_offsets[v]; i < core_->piece_offsets[v + 1]; ++i) {
      const CoreProblem::Piece& piece = core_->pieces[i];
      const std::int64_t most =
          least[i] + *std::min_element(room.begin() + piece.begin, room.begin() + piece.end);
      for (std::int32_t d = 0; d < core_->domain(v); ++d) {
        if (!has(v, d) || core_->usage[piece.usage + d] <= most) continue;
        take_away(v, d);
        changed = true;
      }
    }
  }
  return true;
}

std::size_t Part::num_messages() const {
  std::size_t number = 0;
  for (const CoreProblem::Edge& edge : core_->edges) {
    const std::int32_t rows = count(edge.u);
    const std::int32_t columns = count(edge.v);
    if (rows > 1 && columns > 1) number += static_cast<std::size_t>(rows) + columns;
  }
  return number;
}

/// The terms of a dual bound, in units of 2^-shift cost units. They are rearranged on the way, what
/// they add up to for any assignment stays the same.
class Part::Terms {
 public:
  Terms(const Part& part, const Dual& dual)
      : part_(part),
        core_(*part.core_),
        shift_(std::max({dual.price_shift, dual.message_shift, 0})),
        cost_unit_(Int128{1} << shift_),
        rows_(core_.unary.size(), 0) {
    list_values();
    price(dual, Int128{1} << (shift_ - dual.price_shift));
    const std::int64_t* message = dual.messages.data();
    for (const CoreProblem::Edge& edge : core_.edges)
      message = add_edge(edge, message, Int128{1} << (shift_ - dual.message_shift));
    Sum total = base_;
    for (std::int32_t v = 0; v < core_.num_variables(); ++v) total.add(least_of(v));
    for (const Link& link : links_) total.add(link.least);
    total_ = best_ = total.value();
    failed_ |= total.failed() || total_ >= kMostTotal || total_ <= -kMostTotal;
  }

  /// Passes over all variables there and back tell more of their values.
  Judgement judgement(Int128 target) {
    Judgement result;
    if (failed_ || __builtin_mul_overflow(target - 1, cost_unit_, &threshold_)) return result;
    dear_.assign(rows_.size(), 0);
    const std::int32_t last = core_.num_variables() - 1;
    for (std::int32_t v = 0; v <= last && !failed_; ++v) visit(v, /*forward=*/true);
    for (std::int32_t v = last; v >= 0 && !failed_; --v) visit(v, /*forward=*/false);
    result.bound = best_ / cost_unit_ + (best_ % cost_unit_ > 0 ? 1 : 0);
    for (std::int32_t v = 0; v <= last; ++v)
      for (std::int32_t d = 0; d < core_.domain(v); ++d)
        if (dear_[core_.value_offsets[v] + d] != 0) result.dear.emplace_back(v, d);
    return result;
  }

 private:
  /// Larger terms are not worked with: so many of them add up within 128 bits.
  static constexpr Int128 kMostTerm = Int128{1} << 100;
  static constexpr Int128 kMostTotal = Int128{1} << 124;

  /// An edge whose ends both have several values left.
  struct Link {
    std::int32_t u = 0;
    std::int32_t v = 0;
    std::int64_t entries = 0;  ///< where its table starts
    std::size_t to_u = 0;      ///< where its messages to u start, one per value left
    std::size_t to_v = 0;
    Int128 least = 0;  ///< of its table less messages
  };

  void list_values() {
    links_of_.resize(static_cast<std::size_t>(core_.num_variables()));
    for (std::int32_t v = 0; v < core_.num_variables(); ++v) {
      for (std::int32_t d = 0; d < core_.domain(v); ++d)
        if (part_.has(v, d)) left_.push_back(d);
      left_offsets_.push_back(left_.size());
    }
  }

  std::span<const std::int32_t> left_of(std::int32_t v) const {
    return {left_.data() + left_offsets_[v], left_.data() + left_offsets_[v + 1]};
  }
  Int128& row(std::int32_t v, std::int32_t d) { return rows_[core_.value_offsets[v] + d]; }

  void add(Int128& to, Int128 term) {
    failed_ |= __builtin_add_overflow(to, term, &to) || to >= kMostTerm || to <= -kMostTerm;
  }

  Int128 least_of(std::int32_t v) {
    Int128 least = kNoEntry;
    for (const std::int32_t d : left_of(v)) least = std::min(least, row(v, d));
    return least;
  }

  /// Unary costs and priced usage per value; priced capacity.
  void price(const Dual& dual, Int128 unit) {
    base_.add_product(core_.constant, cost_unit_);
    std::vector<Int128> before(core_.capacity.size() + 1, 0);  // prices before each time point
    for (std::size_t t = 0; t < core_.capacity.size(); ++t) {
      before[t + 1] = before[t] + dual.prices[t] * unit;
      base_.add_product(-dual.prices[t] * unit, core_.capacity[t]);
    }
    for (std::int32_t v = 0; v < core_.num_variables(); ++v) {
      for (const std::int32_t d : left_of(v))
        add(row(v, d), core_.unary[core_.value_offsets[v] + d] * cost_unit_);
      for (std::int32_t i = core_.piece_offsets[v]; i < core_.piece_offsets[v + 1]; ++i) {
        const CoreProblem::Piece& piece = core_.pieces[i];
        const Int128 sum = before[piece.end] - before[piece.begin];
        for (const std::int32_t d : left_of(v)) {
          Int128 priced = 0;
          failed_ |= __builtin_mul_overflow(Int128{core_.usage[piece.usage + d]}, sum, &priced);
          add(row(v, d), priced);
        }
      }
    }
  }

  /// Returns where the next edge's messages are.
  const std::int64_t* add_edge(const CoreProblem::Edge& edge, const std::int64_t* message,
                               Int128 unit) {
    const auto us = left_of(edge.u);
    const auto vs = left_of(edge.v);
    if (us.size() == 1 || vs.size() == 1) {
      // Beside the only value of one end, a cost of the other.
      for (const std::int32_t a : us)
        for (const std::int32_t b : vs)
          add(vs.size() > 1 ? row(edge.v, b) : row(edge.u, a),
              core_.entries[edge.entries + std::int64_t{a} * core_.domain(edge.v) + b] *
                  cost_unit_);
      return message;
    }
    Link link{edge.u, edge.v, edge.entries, messages_.size(), messages_.size() + us.size(), 0};
    for (const std::int32_t end : {edge.u, edge.v}) {
      links_of_[end].push_back(static_cast<std::int32_t>(links_.size()));
      for (const std::int32_t d : left_of(end)) {
        messages_.push_back(*message++ * unit);
        add(row(end, d), messages_.back());
      }
    }
    find_line_least(link, link.u);
    link.least = std::ranges::min(line_least_);
    failed_ |= link.least == kNoEntry;
    links_.push_back(link);
    return message;
  }

  /// line_least_[i] is the least of the table less messages beside the i-th value left of an end.
  void find_line_least(const Link& link, std::int32_t end) {
    const auto us = left_of(link.u);
    const auto vs = left_of(link.v);
    line_least_.assign(left_of(end).size(), kNoEntry);
    for (std::size_t i = 0; i < us.size(); ++i) {
      const std::int64_t* entries =
          core_.entries.data() + link.entries + std::int64_t{us[i]} * core_.domain(link.v);
      for (std::size_t k = 0; k < vs.size(); ++k) {
        const std::int64_t cost = entries[vs[k]];
        if (is_forbidden(cost)) continue;
        // At most 2^63 * 2^62 and 2 * 2^123.
        const Int128 here =
            cost * cost_unit_ - (messages_[link.to_u + i] + messages_[link.to_v + k]);
        Int128& least = line_least_[end == link.u ? i : k];
        least = std::min(least, here);
      }
    }
  }

  /// Moves all it can of the edges around a variable into its row, which then tells what its values
  /// cost at least; then shares of the row out to the edges ahead.
  void visit(std::int32_t v, bool forward) {
    const auto left = left_of(v);
    if (left.size() < 2) return;
    total_ -= least_of(v);
    std::size_t ahead = 0;
    for (const std::int32_t id : links_of_[v]) {
      collect(links_[id], v);
      ahead += is_ahead(links_[id], v, forward) ? 1 : 0;
    }
    if (failed_) return;
    const Int128 least = least_of(v);
    best_ = std::max(best_, total_ + least);
    for (const std::int32_t d : left)
      if (total_ + row(v, d) > threshold_) dear_[core_.value_offsets[v] + d] = 1;
    const auto shares = static_cast<Int128>(std::max(ahead, links_of_[v].size() - ahead));
    if (ahead > 0) {
      line_least_.clear();
      for (const std::int32_t d : left) line_least_.push_back(row(v, d) / shares);
      for (const std::int32_t id : links_of_[v])
        if (is_ahead(links_[id], v, forward)) give(links_[id], v);
    }
    total_ += least_of(v);
  }

  static bool is_ahead(const Link& link, std::int32_t v, bool forward) {
    return (link.u == v) == forward;
  }

  void collect(Link& link, std::int32_t v) {
    find_line_least(link, v);
    total_ -= link.least;
    link.least = 0;
    const auto left = left_of(v);
    Int128* messages = messages_.data() + (link.u == v ? link.to_u : link.to_v);
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (line_least_[i] == kNoEntry) {
        failed_ = true;
        return;
      }
      add(row(v, left[i]), line_least_[i]);
      add(messages[i], line_least_[i]);
    }
  }

  /// Each line's least entry was 0: now it is that line's share.
  void give(Link& link, std::int32_t v) {
    const auto left = left_of(v);
    Int128* messages = messages_.data() + (link.u == v ? link.to_u : link.to_v);
    for (std::size_t i = 0; i < left.size(); ++i) {
      add(row(v, left[i]), -line_least_[i]);
      add(messages[i], -line_least_[i]);
    }
    link.least = std::ranges::min(line_least_);
    total_ += link.least;
  }

  const Part& part_;
  const CoreProblem& core_;
  int shift_;
  Int128 cost_unit_;
  std::vector<std::int32_t> left_;            ///< values left of one variable after the other
  std::vector<std::size_t> left_offsets_{0};  ///< [variables + 1]
  std::vector<Int128> rows_;                  ///< [values]
  std::vector<Link> links_;
  std::vector<std::vector<std::int32_t>> links_of_;  ///< [variables]
  std::vector<Int128> messages_;
  Sum base_;                        ///< constant less priced capacity
  Int128 total_ = 0;                ///< base and all least terms, but those at hand
  Int128 best_ = 0;                 ///< greatest total so far
  Int128 threshold_ = 0;            ///< what exceeds it costs the target once rounded up
  std::vector<std::uint8_t> dear_;  ///< [values]
  std::vector<Int128> line_least_;
  bool failed_ = false;
};

Judgement Part::judge(const Dual& dual, Int128 target) const {
  if (dual.prices.size() != core_->capacity.size() || dual.messages.size() != num_messages() ||
      !in_range(dual))
    return {};
  return Terms(*this, dual).judgement(target);
}

}  // namespace warpshard::verify
