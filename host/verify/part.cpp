#include "host/verify/part.h"

#include <algorithm>
#include <limits>

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

/// The terms of a dual bound, in units of 2^-shift cost units.
class Part::Terms {
 public:
  Terms(const Part& part, const Dual& dual)
      : part_(part),
        core_(*part.core_),
        dual_(dual),
        shift_(std::max({dual.price_shift, dual.message_shift, 0})),
        cost_unit_(Int128{1} << shift_),
        message_unit_(Int128{1} << (shift_ - dual.message_shift)),
        rows_(core_.unary.size()),
        above_(core_.unary.size(), 0) {
    base_.add_product(core_.constant, cost_unit_);
    price();
    next_message_ = dual.messages.data();
    for (const CoreProblem::Edge& edge : core_.edges) add(edge);
    for (std::int32_t v = 0; v < core_.num_variables(); ++v) add_row(v);
  }

  Judgement judgement(Int128 target) const {
    Judgement result;
    Int128 threshold = 0;  // what exceeds it costs the target once rounded up
    if (failed_ || base_.failed() || __builtin_mul_overflow(target - 1, cost_unit_, &threshold))
      return result;
    result.bound = base_.value() / cost_unit_ + (base_.value() % cost_unit_ > 0 ? 1 : 0);
    for (std::int32_t v = 0; v < core_.num_variables(); ++v) {
      for (std::int32_t d = 0; d < core_.domain(v); ++d) {
        Int128 cost = 0;
        if (part_.has(v, d) &&
            !__builtin_add_overflow(base_.value(), above_[core_.value_offsets[v] + d], &cost) &&
            cost > threshold)
          result.dear.emplace_back(v, d);
      }
    }
    return result;
  }

 private:
  /// Unary costs and priced usage per value; priced capacity.
  void price() {
    const Int128 unit = Int128{1} << (shift_ - dual_.price_shift);
    std::vector<Int128> before(core_.capacity.size() + 1, 0);  // prices before each time point
    for (std::size_t t = 0; t < core_.capacity.size(); ++t) {
      before[t + 1] = before[t] + dual_.prices[t] * unit;
      base_.add_product(-dual_.prices[t] * unit, core_.capacity[t]);
    }
    for (std::int32_t v = 0; v < core_.num_variables(); ++v) {
      Sum* row = rows_.data() + core_.value_offsets[v];
      for (std::int32_t d = 0; d < core_.domain(v); ++d)
        row[d].add_product(core_.unary[core_.value_offsets[v] + d], cost_unit_);
      for (std::int32_t i = core_.piece_offsets[v]; i < core_.piece_offsets[v + 1]; ++i) {
        const CoreProblem::Piece& piece = core_.pieces[i];
        const Int128 sum = before[piece.end] - before[piece.begin];
        for (std::int32_t d = 0; sum != 0 && d < core_.domain(v); ++d)
          row[d].add_product(core_.usage[piece.usage + d], sum);
      }
    }
  }

  void add(const CoreProblem::Edge& edge) {
    left_of(edge.u, rows_left_);
    left_of(edge.v, columns_left_);
    if (rows_left_.size() > 1 && columns_left_.size() > 1) return add_table(edge);
    // Beside the only value of one end, a cost of the other.
    Sum* rows = rows_.data() + core_.value_offsets[edge.u];
    Sum* columns = rows_.data() + core_.value_offsets[edge.v];
    for (const std::int32_t a : rows_left_)
      for (const std::int32_t b : columns_left_)
        (columns_left_.size() > 1 ? columns[b] : rows[a])
            .add(Int128{entry(edge, a, b)} * cost_unit_);
  }

  /// The table's least entry goes to the base, by how much those of single lines exceed it to
  /// above_, messages to the rows.
  void add_table(const CoreProblem::Edge& edge) {
    const std::int64_t* to_u = next_message_;
    const std::int64_t* to_v = to_u + rows_left_.size();
    next_message_ = to_v + columns_left_.size();
    column_least_.assign(columns_left_.size(), kNoEntry);
    row_least_.assign(rows_left_.size(), kNoEntry);
    for (std::size_t i = 0; i < rows_left_.size(); ++i) {
      const std::int64_t* entries =
          core_.entries.data() + edge.entries + std::int64_t{rows_left_[i]} * core_.domain(edge.v);
      for (std::size_t k = 0; k < columns_left_.size(); ++k) {
        const std::int64_t cost = entries[columns_left_[k]];
        if (is_forbidden(cost)) continue;
        // At most 2^63 * 2^62 and 2^61 * 2^62.
        const Int128 here = cost * cost_unit_ - (Int128{to_u[i]} + to_v[k]) * message_unit_;
        row_least_[i] = std::min(row_least_[i], here);
        column_least_[k] = std::min(column_least_[k], here);
      }
    }
    const Int128 least = std::ranges::min(row_least_);
    base_.add(least);
    receive(edge.u, rows_left_, to_u, row_least_, least);
    receive(edge.v, columns_left_, to_v, column_least_, least);
  }

  void receive(std::int32_t v, const std::vector<std::int32_t>& left, const std::int64_t* messages,
               const std::vector<Int128>& line_least, Int128 least) {
    for (std::size_t i = 0; i < left.size(); ++i) {
      const std::int32_t value = core_.value_offsets[v] + left[i];
      rows_[value].add_product(messages[i], message_unit_);
      raise(value, line_least[i], least);
    }
  }

  void add_row(std::int32_t v) {
    left_of(v, rows_left_);
    Int128 least = kNoEntry;
    for (const std::int32_t d : rows_left_) {
      failed_ |= rows_[core_.value_offsets[v] + d].failed();
      least = std::min(least, rows_[core_.value_offsets[v] + d].value());
    }
    base_.add(least);
    for (const std::int32_t d : rows_left_) {
      const std::int32_t value = core_.value_offsets[v] + d;
      raise(value, rows_[value].value(), least);
    }
  }

  void raise(std::int32_t value, Int128 here, Int128 least) {
    Int128 more = 0;
    failed_ |= __builtin_sub_overflow(here, least, &more);
    failed_ |= __builtin_add_overflow(above_[value], more, &above_[value]);
  }

  void left_of(std::int32_t v, std::vector<std::int32_t>& left) const {
    left.clear();
    for (std::int32_t d = 0; d < core_.domain(v); ++d)
      if (part_.has(v, d)) left.push_back(d);
  }

  std::int64_t entry(const CoreProblem::Edge& edge, std::int32_t a, std::int32_t b) const {
    return core_.entries[edge.entries + std::int64_t{a} * core_.domain(edge.v) + b];
  }

  const Part& part_;
  const CoreProblem& core_;
  const Dual& dual_;
  int shift_;
  Int128 cost_unit_;
  Int128 message_unit_;
  Sum base_;
  std::vector<Sum> rows_;      ///< [values]
  std::vector<Int128> above_;  ///< [values] what an assignment with the value costs more at least
  const std::int64_t* next_message_ = nullptr;
  bool failed_ = false;
  std::vector<std::int32_t> rows_left_;
  std::vector<std::int32_t> columns_left_;
  std::vector<Int128> row_least_;
  std::vector<Int128> column_least_;
};

Judgement Part::judge(const Dual& dual, Int128 target) const {
  if (dual.prices.size() != core_->capacity.size() || dual.messages.size() != num_messages() ||
      !in_range(dual))
    return {};
  return Terms(*this, dual).judgement(target);
}

}  // namespace warpshard::verify
